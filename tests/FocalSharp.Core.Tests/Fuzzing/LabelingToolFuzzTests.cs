using System.IO.Compression;
using System.Text;
using FocalSharp.Core.Tests.Datasets;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Files;
using FocalSharp.TestSupport.Fuzzing;

namespace FocalSharp.Core.Tests.Fuzzing;

/// <summary>The readers of what labeling tools write, through the public API.</summary>
public sealed class LabelingToolFuzzTests
{
    // The tree of one entry, the files' names, and the messages about broken entries.
    private static readonly MemoryLimit Bound = new(24 << 20, 800);

    private static readonly string[] Json =
        ["null", "true", "NaN", "-Infinity", "[", "{", "}", "]", ",", ":", "\"\\ud800\"", "\\u0000", "1e999", "-1", "\"../../x\"", "\"/etc/passwd\"", "{}", "[]", "[[[[[[[[", "99999999999"];

    private static readonly string[] Xml =
        ["<image>", "</image>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "&#0;", "<![CDATA[", "]]>", "<a:b/>", "-", "NaN", "1e999", "\uFEFF", "../", "frame=\"4999999\"", "rle=\"1,-1\"", ";", ","];

    private static readonly string[] Csv = ["\"", "\"\"", ",", ";", "\n", "\r\n", "\t", "NaN", "-1", "1e999", "../x", "/etc/passwd", "{", "}", "[", "\uFEFF", "#"];

    [Fact]
    public void LabelMe() => Fuzz("a.json", Json, """
        {"version": "5.4.1", "flags": {}, "shapes": [{"label": "cat", "points": [[10, 12], [30.5, 32]], "shape_type": "rectangle"}, {"label": "dog", "points": [[10, 10], [40, 15], [25, 30]], "shape_type": "polygon"}, {"label": "dog", "points": [[50, 40], [53, 44]], "shape_type": "circle"}, {"label": "dog", "points": [[50, 40], [53, 44]], "shape_type": "mask"}], "imagePath": "a.png", "imageData": "iVBO", "imageHeight": 80, "imageWidth": 100}
        """);

    [Fact]
    public void CreateMl() => Fuzz("a.json", Json, """[{"image": "a.png", "annotations": [{"label": "cat", "coordinates": {"x": 20, "y": 22, "width": 20, "height": 10}}]}]""");

    [Fact]
    public void LabelStudio() => Fuzz("a.json", Json, """
        [{"id": 1, "data": {"image": "/data/upload/1/1a2b3c4d-a.png"}, "annotations": [{"was_cancelled": false, "result": [{"id": "k", "type": "rectanglelabels", "original_width": 100, "original_height": 80, "value": {"x": 10, "y": 12.5, "width": 20, "height": 25, "rotation": 30, "rectanglelabels": ["cat"]}}, {"original_width": 100, "original_height": 80, "value": {"points": [[10, 10], [40, 10], [20, 50]], "polygonlabels": ["cat"]}}, {"original_width": 2, "original_height": 2, "value": {"format": "rle", "rle": [0, 0, 0, 16, 57, 153, 156, 112, 8, 255, 224], "brushlabels": ["cat"]}}]}], "predictions": []}]
        """);

    [Fact]
    public void Via_json() => Fuzz("a.json", Json, """
        {"_via_settings": {}, "_via_img_metadata": {"a.png1": {"filename": "a.png", "size": 1, "regions": [{"shape_attributes": {"name": "rect", "x": 10, "y": 12, "width": 20, "height": 18}, "region_attributes": {"class": "cat"}}, {"shape_attributes": {"name": "polygon", "all_points_x": [10, 40, 25], "all_points_y": [10, 15, 30]}, "region_attributes": {"class": {"dog": true}}}]}}}
        """);

    [Fact]
    public void Via_csv() => Fuzz("a.csv", Csv, """"
        filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes
        a.png,100,"{}",1,0,"{""name"":""rect"",""x"":10,""y"":12,""width"":20,""height"":18}","{""class"":""cat""}"
        """");

    [Fact]
    public void Labelbox() => Fuzz("a.ndjson", Json, """
        {"data_row": {"external_id": "a.png", "row_data": "https://x/a.png"}, "media_attributes": {"height": 80, "width": 100}, "projects": {"p1": {"labels": [{"annotations": {"objects": [{"name": "cat", "bounding_box": {"top": 12.0, "left": 10.0, "height": 18.0, "width": 20.0}}, {"name": "dog", "polygon": [{"x": 10, "y": 10}, {"x": 40, "y": 15}, {"x": 25, "y": 30}]}]}}]}}}
        """);

    [Fact]
    public void Supervisely() => Fuzz("ds/ann/a.png.json", Json, """
        {"size": {"height": 80, "width": 100}, "objects": [{"classTitle": "cat", "geometryType": "rectangle", "points": {"exterior": [[10, 12], [30, 32]], "interior": []}}, {"classTitle": "dog", "geometryType": "bitmap", "bitmap": {"data": "eJzrDPBz5+WS4mJgYOD19HAJAtJMIMzBDCQXpBSGAymXIB9nBogK5gwgBwCR1wU2", "origin": [20, 30]}}]}
        """);

    [Fact]
    public void FiftyOne() => Fuzz("labels.json", Json, """{"classes": ["cat", "dog"], "labels": {"a": [{"label": 1, "bounding_box": [0.1, 0.25, 0.2, 0.5]}, {"label": "cat", "bounding_box": [0, 0, 1, 1]}]}}""");

    [Fact]
    public void FiftyOne_samples() => Fuzz("samples.json", Json, """{"samples": [{"filepath": "a.png", "tags": ["val"], "shapes": {"_cls": "Polylines", "polylines": [{"label": "cat", "closed": true, "points": [[[0.1, 0.25], [0.3, 0.25], [0.2, 0.75]]]}]}}]}""");

    [Fact]
    public void Ultralytics() => Fuzz("a.ndjson", Json, """
        {"type": "dataset", "task": "detect", "class_names": {"0": "cat", "1": "dog"}}
        {"type": "image", "file": "a.png", "width": 100, "height": 80, "split": "train", "annotations": {"boxes": [[1, 0.2, 0.5, 0.2, 0.5]], "segments": [[0, 0.1, 0.25, 0.3, 0.25, 0.2, 0.75]]}}
        """);

    [Fact]
    public void Image_folder() => Fuzz("metadata.jsonl", Json, """{"file_name": "a.png", "objects": {"bbox": [[10, 12, 20, 18], [1, 2, 3, 4]], "categories": [1, 0]}}""");

    [Fact]
    public void Dataset_card() => Fuzz("README.md", ["&a ", "*a", "- ", ": ", "---\n", "'1': x\n", "!!binary ", "\t"], "---\ndataset_info:\n  features:\n  - name: x\n    class_label:\n      names:\n        '0': cat\n        '1': dog\n---\n",
        ("metadata.jsonl", """{"file_name": "a.png", "objects": {"bbox": [[10, 12, 20, 18]], "categories": [1]}}"""));

    [Fact]
    public void Open_images() => Fuzz("a.csv", Csv, "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsGroupOf\na,x,/m/1,1,0.1,0.3,0.25,0.75,0\n");

    [Fact]
    public void TensorFlow_csv() => Fuzz("a.csv", Csv, "filename,width,height,class,xmin,ymin,xmax,ymax\na.png,100,80,cat,10,12,30,32\na.png,100,80,\"d\"\"og\",10,12,30,32\n");

    [Fact]
    public void Kitti() => Fuzz("label_2/a.txt", ["nan", "inf", "\n", "DontCare ", "-1 ", "1e308 ", "\u00A0"],
        "Car 0.00 0 1.85 10.00 12.00 30.00 32.00 1.67 1.87 3.69 -16.53 2.39 58.49 1.57\nCar 0.00 0 1.85 10.00 12.00 30.00 32.00 1.67 1.87 3.69 -16.53 2.39 58.49 1.57\n");

    [Fact]
    public void Dota() => Fuzz("labelTxt/a.txt", ["nan", "inf", "\n", "gsd:", "-1 ", "1e308 ", "\u00A0"], "imagesource:x\ngsd:1\n20 10 30 20 20 30 10 20 ship 0\n1 2 5 2 5 8 1 8 plane 1\n");

    [Fact]
    public void Cvat_images() => Fuzz("annotations.xml", Xml, """
        <annotations><version>1.1</version><meta><task><labels><label><name>cat</name></label></labels></task></meta><image id="0" name="a.png" subset="Train" width="100" height="80">
        <box label="cat" xtl="10.00" ytl="12.50" xbr="30.00" ybr="32.00" rotation="30"></box><polygon label="dog" points="10.0,10.0;40.0,15.0;25.0,30.0"></polygon>
        <mask label="dog" rle="5, 2, 5" left="20" top="30" width="4" height="3"></mask><ellipse label="dog" cx="50" cy="40" rx="20" ry="10"></ellipse></image></annotations>
        """);

    [Fact]
    public void Cvat_video() => Fuzz("annotations.xml", Xml, """
        <annotations><meta><job><size>4</size><labels><label><name>cat</name></label></labels><original_size><width>100</width><height>80</height></original_size></job></meta>
        <track id="0" label="cat"><box frame="0" outside="0" xtl="10" ytl="12" xbr="30" ybr="32"></box><box frame="2" outside="0" xtl="20" ytl="22" xbr="40" ybr="42"></box><box frame="3" outside="1" xtl="20" ytl="22" xbr="40" ybr="42"></box></track></annotations>
        """);

    [Fact]
    public void Zip_files()
    {
        using TestFolder folder = new();
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(archive, "set/a.png", TestFolder.Png(100, 80));
            Write(archive, "set/a.csv", "filename,class,xmin,ymin,xmax,ymax\na.png,cat,10,12,30,32\n"u8.ToArray());
        }

        Fuzzer.Run(
            [stream.ToArray()],
            [.. new[] { "PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "../", "/", "\0", "\u00FF\u00FF\u00FF\u00FF" }.Select(Encoding.Latin1.GetBytes)],
            bytes =>
            {
                folder.Bytes("set.zip", bytes);
                DatasetReader.Read(DatasetArchive.Extract(folder["set.zip"], "set.zip", folder["cache"]));
            },
            new MemoryLimit(64 << 20, 800));
    }

    private static void Write(ZipArchive archive, string name, byte[] content)
    {
        using Stream stream = archive.CreateEntry(name).Open();
        stream.Write(content);
    }

    private static void Fuzz(string file, string[] words, string valid, params (string Name, string Text)[] others)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Image("ds/img/a.png").Image("image_2/a.png").Image("images/frame_000000.png").Text(file, valid);
        foreach ((string name, string text) in others)
        {
            folder.Text(name, text);
        }

        Fuzzer.Run(
            [Encoding.UTF8.GetBytes(valid)],
            [.. words.Select(Encoding.UTF8.GetBytes)],
            bytes =>
            {
                folder.Bytes(file, bytes);
                DetectionDataset set = DatasetReader.Read(folder.Path);
                Assert.All(set.Images, image => Assert.StartsWith(folder.Path, image.Path, StringComparison.Ordinal));
            },
            Bound);
    }
}
