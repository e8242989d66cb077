using System.Text;
using FocalSharp.Core.Tests.Datasets;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;
using FocalSharp.TestSupport.Fuzzing;

namespace FocalSharp.Core.Tests.Fuzzing;

/// <summary>The readers of annotations through the public API: read, then check.</summary>
public sealed class DatasetFuzzTests
{
    // What is kept of an annotation, the messages about broken ones, and the linter's sorting.
    private static readonly MemoryLimit Bound = new(16 << 20, 600);

    private const string Coco = """
        {"info": {"x": [1, {"y": null}]}, "images": [{"id": 1, "file_name": "a.png", "width": 100, "height": 80}, {"id": 2, "file_name": "b.png", "width": 100, "height": 80}],
         "categories": [{"id": 1, "name": "cat", "supercategory": "x"}, {"id": 2, "name": "dog"}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1.5, 2, 30, 4e1], "area": NaN, "iscrowd": 0, "segmentation": [[1, 2, 3, 4]]},
          {"id": 2, "image_id": 2, "category_id": 2, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 1, "ignore": 1, "difficult": true, "focalsharp_side_blur": [1, 2, 3, 4]}]}
        """;

    private const string Voc = """
        <?xml version="1.0"?><annotation><folder>x</folder><filename>a.png</filename><size><width>100</width><height>80</height><depth>3</depth></size>
        <object><name>cat</name><difficult>0</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30.5</xmax><ymax>40</ymax></bndbox></object>
        <object><name>dog</name><difficult>1</difficult><bndbox><xmin>5</xmin><ymin>6</ymin><xmax>50</xmax><ymax>60</ymax></bndbox></object></annotation>
        """;

    private const string Yaml = "path: .\ntrain: [a.png, list.txt]\nval: b.png\nnames:\n  0: cat\n  1: \"dog\"\nnc: 2\n";
    private const string Labels = "0 0.5 0.5 0.25 0.25\n1 0.1 0.1 0.2 0.2 0.3 0.1\n0 0.2 0.3 0.1 0.1\n";

    [Fact]
    public void Coco_json() => Fuzz("set.json", Coco, folder => folder["set.json"], "NaN", "-Infinity", "null", "true", "\"bbox\":", "\"images\":", "[", "{", "}", "]", ",", "\"\\ud800\"", "\\u0000", "1e999", "\"../../x\"");

    [Fact]
    public void Voc_xml() => Fuzz(
        "Annotations/a.xml", Voc, folder => folder.Text("ImageSets/Main/train.txt", "a\n").Path, "<object>", "</object>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "&#0;", "&lt;", "<![CDATA[", "]]>", "<a:b/>", "-", "\uFEFF");

    [Fact]
    public void Yolo_data_yaml() => Fuzz("data.yaml", Yaml, Yolo, "&a ", "*a", "- ", ": ", "? ", "|", ">", "[", "{", "!!binary ", "\t", "---\n", "...\n", "%YAML 9.9\n", "../", "\0", "999999: x\n", "99999: x\n", "<<: ");

    [Fact]
    public void Yolo_labels() => Fuzz("a.txt", Labels, Yolo, "nan", "inf", "-1 ", "1e308 ", " ", "\n", "\r", "0.1 0.2 ", "\u00A0", "1,5", "2147483648 ", "-0 ");

    [Fact]
    public void Yolo_image_lists() => Fuzz("list.txt", "a.png\nb.png\n./a.png\n", Yolo, "../", "/etc/passwd\n", "\0", "\n", "\\", "C:\\", "a.png\n", "list.txt\n");

    private static string Yolo(TestFolder folder)
    {
        foreach ((string name, string text) in new[] { ("data.yaml", Yaml), ("a.txt", Labels), ("b.txt", Labels), ("list.txt", "b.png") })
        {
            if (!File.Exists(folder[name]))
            {
                folder.Text(name, text);
            }
        }

        return folder.Path;
    }

    private static void Fuzz(string file, string valid, Func<TestFolder, string> complete, params string[] words)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Image("b.png");
        folder.Text(file, valid);
        string path = complete(folder);
        Fuzzer.Run(
            [Encoding.UTF8.GetBytes(valid)],
            [.. words.Select(Encoding.UTF8.GetBytes)],
            bytes =>
            {
                folder.Bytes(file, bytes);
                DatasetCheck.Run(DatasetReader.Read(path)).ToJson();
            },
            Bound);
    }
}
