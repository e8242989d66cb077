using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Cvat;

public sealed class CvatFormatTests
{
    [Fact]
    public void Reads_every_shape_of_images_as_its_enclosing_box()
    {
        // The mask is 4 pixels wide, 3 high, at (20, 30); its runs: 5 off, 2 on, 5 off, so the pixels 1 and 2 of its second row.
        using TestFolder folder = new TestFolder().Image("images/a.png").Image("images/Train/b.png").Text("annotations.xml", """
            <?xml version="1.0" encoding="utf-8"?>
            <annotations><version>1.1</version><meta><task><size>2</size><labels>
              <label><name>dog</name><attributes></attributes></label><label><name>cat</name></label>
              <label><name>nose</name><type>points</type><parent>dog</parent></label></labels></task><dumped>2024-01-01</dumped></meta>
            <image id="0" name="a.png" width="100" height="80">
              <box label="cat" source="manual" occluded="0" xtl="10.00" ytl="12.50" xbr="30.00" ybr="32.00" z_order="0"><attribute name="x">1</attribute></box>
              <box label="cat" xtl="20" ytl="20" xbr="50" ybr="30" rotation="90.0" z_order="0"></box>
              <polygon label="dog" points="10.0,10.0;40.0,15.0;25.0,30.0" z_order="0"></polygon>
              <ellipse label="dog" cx="50" cy="40" rx="20" ry="10" z_order="0"></ellipse>
              <mask label="dog" rle="5, 2, 5" left="20" top="30" width="4" height="3" z_order="0"></mask>
              <polyline label="dog" points="1,1;2,2"></polyline>
              <tag label="dog" source="manual"></tag>
            </image>
            <image id="1" name="b.png" subset="Train" width="100" height="80"></image>
            </annotations>
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["dog", "cat"], set.Classes);
        set.Images[0].AssertObjects(
            set, ("cat", 10, 12.5f, 30, 32), ("cat", 30, 10, 40, 40), ("dog", 10, 10, 40, 30), ("dog", 30, 30, 70, 50), ("dog", 21, 31, 23, 32));
        Assert.Equal(("b.png", DatasetSplit.Train), (set.Images[1].FileName, set.Images[1].Split));
        Assert.Equal([.. Enumerable.Repeat(DatasetProblemKind.ConvertedShape, 4), DatasetProblemKind.SkippedShape], set.Kinds());
    }

    [Fact]
    public void Frames_of_a_task_that_skips_frames_keep_their_numbers()
    {
        using TestFolder folder = new TestFolder().Image("images/frame_000010.png").Image("images/frame_000013.png").Image("images/frame_000016.png").Text("annotations.xml", """
            <annotations><meta><task><size>4</size><start_frame>10</start_frame><stop_frame>19</stop_frame><frame_filter>step=3</frame_filter></task></meta>
            <track id="0" label="cat"><box frame="10" outside="0" xtl="10" ytl="12" xbr="30" ybr="32"/><box frame="13" outside="1" xtl="10" ytl="12" xbr="30" ybr="32"/></track></annotations>
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["frame_000010.png", "frame_000013.png", "frame_000016.png"], set.Images.Select(image => image.FileName));
        set.Images[0].AssertObjects(set, ("cat", 10, 12, 30, 32));
        Assert.Equal([1, 0, 0], set.Images.Select(image => image.Objects.Count));
    }

    [Fact]
    public void Frames_that_were_not_extracted_are_no_problem_between_stated_ones()
    {
        using TestFolder folder = new TestFolder().Image("images/frame_000000.png").Image("images/frame_000002.png").Text("annotations.xml", """
            <annotations><track id="0" label="cat"><box frame="0" outside="0" xtl="10" ytl="12" xbr="30" ybr="32"/><box frame="2" outside="0" xtl="20" ytl="22" xbr="40" ybr="42"/></track></annotations>
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([1, 1], set.Images.Select(image => image.Objects.Count));
        Assert.Empty(set.Problems);
    }

    [Theory]
    [InlineData("images/frame_000000.PNG", "images/frame_000001.PNG", "images/frame_000002.PNG", "images/frame_000003.PNG")]
    [InlineData("images/x1.png", "images/x2.png", "images/x3.png", "images/x4.png")]
    [InlineData("images/a.png", "images/b.png", "images/c.png", "images/d.png")]
    public void Reads_the_tracks_of_a_video_by_frame(params string[] images)
    {
        using TestFolder folder = new TestFolder();
        foreach (string image in images)
        {
            folder.Image(image);
        }

        folder.Text("annotations.xml", """
            <annotations><version>1.1</version><meta><job><size>4</size><mode>interpolation</mode><labels><label><name>cat</name></label></labels><original_size><width>100</width><height>80</height></original_size></job></meta>
            <track id="0" label="cat" source="manual">
              <box frame="0" keyframe="1" outside="0" occluded="0" xtl="10" ytl="12" xbr="30" ybr="32" z_order="0"></box>
              <box frame="2" keyframe="1" outside="0" occluded="0" xtl="20" ytl="22" xbr="40" ybr="42" z_order="0"></box>
              <box frame="3" keyframe="1" outside="1" occluded="0" xtl="20" ytl="22" xbr="40" ybr="42" z_order="0"></box>
            </track></annotations>
            """);
        DetectionDataset set = DatasetReader.Read(folder["annotations.xml"]);

        Assert.Equal(4, set.Images.Count);
        set.Images[0].AssertObjects(set, ("cat", 10, 12, 30, 32));
        set.Images[1].AssertObjects(set, ("cat", 15, 17, 35, 37));
        set.Images[2].AssertObjects(set, ("cat", 20, 22, 40, 42));
        Assert.Empty(set.Images[3].Objects);
        Assert.Empty(set.Problems);
    }
}
