using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Via;

public sealed class ViaFormatTests
{
    private const string Metadata = """
        {"a.png1000": {"filename": "a.png", "size": 1000, "file_attributes": {}, "regions": [
          {"shape_attributes": {"name": "rect", "x": 10, "y": 12, "width": 20, "height": 18}, "region_attributes": {"quality": "good", "class": "cat"}},
          {"shape_attributes": {"name": "polygon", "all_points_x": [10, 40, 25], "all_points_y": [10, 15, 30]}, "region_attributes": {"quality": "bad", "class": {"dog": true, "cat": false}}},
          {"shape_attributes": {"name": "circle", "cx": 50, "cy": 40, "r": 5}, "region_attributes": {"class": "dog"}},
          {"shape_attributes": {"name": "ellipse", "cx": 50, "cy": 40, "rx": 20, "ry": 10}, "region_attributes": {"class": "dog"}},
          {"shape_attributes": {"name": "polyline", "all_points_x": [1, 2], "all_points_y": [1, 2]}, "region_attributes": {"class": "dog"}},
          {"shape_attributes": {"name": "point", "cx": 1, "cy": 2}, "region_attributes": {"class": "dog"}}]},
         "b.png7": {"filename": "b.png", "size": 7, "regions": [], "file_attributes": {}}}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_annotations_and_projects(bool project)
    {
        string text = project ? $$$"""{"_via_settings": {"project": {"name": "x"}}, "_via_img_metadata": {{{Metadata}}}, "_via_attributes": {"region": {}}, "_via_data_format_version": "2.0.10"}""" : Metadata;
        using TestFolder folder = new TestFolder().Image("a.png").Image("b.png").Text("via.json", text);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(2, set.Images.Count);
        set.Images[0].AssertObjects(set, ("cat", 10, 12, 30, 30), ("dog", 10, 10, 40, 30), ("dog", 45, 35, 55, 45), ("dog", 30, 30, 70, 50));
        Assert.Equal([.. Enumerable.Repeat(DatasetProblemKind.ConvertedShape, 3), DatasetProblemKind.SkippedShape], set.Kinds());
    }

    [Fact]
    public void An_outline_drawn_as_a_polyline_is_enclosed()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("via.json", """
            {"a.png1": {"filename": "a.png", "size": 1, "file_attributes": {}, "regions": [{"shape_attributes": {"name": "polyline", "all_points_x": [10, 40, 25, 10], "all_points_y": [10, 15, 30, 11]}, "region_attributes": {"name": {"gun": true}}}]}}
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("gun", 10, 10, 40, 30));
        Assert.Equal([DatasetProblemKind.ConvertedShape], set.Kinds());
    }

    [Fact]
    public void Reads_projects_of_version_3()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Image("b.png").Text("via3.json", """
            {"project": {"pid": "x", "vid_list": ["1", "2"]}, "config": {}, "attribute": {"1": {"aname": "class", "type": 4, "options": {"0": "cat", "1": "dog"}}},
             "file": {"1": {"fid": "1", "fname": "a.png", "type": 2, "loc": 1, "src": ""}, "2": {"fid": "2", "fname": "b.png", "type": 2, "loc": 1, "src": ""}},
             "metadata": {"1_a": {"vid": "1", "flg": 0, "z": [], "xy": [2, 10, 12, 20, 18], "av": {"1": "0"}}, "1_b": {"vid": "1", "z": [], "xy": [7, 10, 10, 40, 15, 25, 30], "av": {"1": "1"}}, "1_c": {"vid": "1", "z": [], "xy": [1, 5, 5], "av": {}}},
             "view": {"1": {"fid_list": ["1"]}, "2": {"fid_list": ["2"]}}}
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([2, 0], set.Images.Select(image => image.Objects.Count));
        set.Images[0].AssertObjects(set, ("cat", 10, 12, 30, 30), ("dog", 10, 10, 40, 30));
        Assert.Equal([DatasetProblemKind.ConvertedShape, DatasetProblemKind.SkippedShape], set.Kinds());
    }

    [Fact]
    public void Reads_numbered_regions_of_version_1_without_attributes_as_one_class()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("via.json", """
            {"a.png1": {"fileref": "", "size": 1, "filename": "a.png", "base64_img_data": "", "file_attributes": {}, "regions":
              {"0": {"shape_attributes": {"name": "rect", "x": 10, "y": 12, "width": 20, "height": 18}, "region_attributes": {}}}}}
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("object", 10, 12, 30, 30));
        Assert.Equal([DatasetProblemKind.NonStandard], set.Kinds());
    }

    [Theory]
    [InlineData("")]
    [InlineData("#")]
    public void Reads_tables_of_both_versions(string mark)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Image("b.png").Text("via_region_data.csv", mark + "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n"
            + "a.png,100,\"{}\",1,0,\"{\"\"name\"\":\"\"rect\"\",\"\"x\"\":10,\"\"y\"\":12,\"\"width\"\":20,\"\"height\"\":18}\",\"{\"\"class\"\":\"\"cat\"\"}\"\n"
            + "b.png,100,\"{}\",0,0,\"{}\",\"{}\"\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(2, set.Images.Count);
        set.Images[0].AssertObjects(set, ("cat", 10, 12, 30, 30));
        Assert.Empty(set.Problems);
    }
}
