using System.Text;
using CsCheck;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Core.Tests.Datasets;

/// <summary>Broken files give a reported problem or a clear error, never a crash.</summary>
public sealed class HostileDatasetTests
{
    private const string Json = """
        {"images": [{"id": 1, "file_name": "images/a.png", "width": 100, "height": 80}], "categories": [{"id": 1, "name": "cat"}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1.5, 2, 30, 4e1], "area": NaN, "iscrowd": 0, "focalsharp_side_blur": [1, 2, 3, 4]}]}
        """;

    private const string Xml = """
        <?xml version="1.0"?><annotation><filename>a.png</filename><size><width>100</width><height>80</height></size>
        <object><name>cat</name><difficult>0</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30.5</xmax><ymax>40</ymax></bndbox></object></annotation>
        """;

    private const string Yaml = "path: .\ntrain: [images, list.txt]\nval: images/a.png\nnames:\n  0: cat\n  1: \"dog\"\n";

    [Theory]
    [InlineData("set.json", Json)]
    [InlineData("Annotations/a.xml", Xml)]
    [InlineData("ImageSets/Main/train.txt", "a\n")]
    [InlineData("data.yaml", Yaml)]
    [InlineData("list.txt", "images/a.png\n")]
    [InlineData("labels/a.txt", "0 0.5 0.5 0.25 0.25\n1 0.1 0.1 0.2 0.2 0.3 0.1\n")]
    [InlineData("images/a.png", null)]
    public void Mutated_files_never_end_in_another_exception(string file, string? content)
    {
        bool yolo = file is "data.yaml" or "list.txt" || file.StartsWith("labels", StringComparison.Ordinal);
        using TestFolder folder = new TestFolder().Image("images/a.png");
        _ = yolo ? folder.Text("data.yaml", Yaml).Text("list.txt", "images/a.png") : file == "set.json" ? folder : folder.Text("Annotations/a.xml", Xml);
        byte[] valid = content is null ? File.ReadAllBytes(folder[file]) : Encoding.UTF8.GetBytes(content);
        folder.Bytes(file, valid);
        Assert.Single(DatasetReader.Read(folder.Path).Images.Select(image => image.Path).Distinct());

        Gen.Select(Gen.Int[0, 3], Gen.Int[0, valid.Length - 1], Gen.Int[0, valid.Length - 1], Gen.Byte.Array[1, 4]).Array[1, 4].Sample(
            changes =>
            {
                byte[] bytes = valid;
                foreach ((int how, int at, int other, byte[] noise) in changes)
                {
                    bytes = Mutate(bytes, how, at, other, noise);
                }

                folder.Bytes(file, bytes);
                try
                {
                    DatasetCheck.Run(DatasetReader.Read(folder.Path)).ToJson();
                }
                catch (FocalSharpException error)
                {
                    Assert.NotEmpty(error.Message);
                }
            },
            iter: 200,
            threads: 1);
    }

    [Theory]
    [InlineData("a.xml")]
    [InlineData("data.yaml")]
    public void Huge_files_are_rejected_without_reading(string name)
    {
        using TestFolder folder = new TestFolder().Image("a.png");
        using (FileStream stream = File.Create(folder[name]))
        {
            stream.SetLength(64L << 20);
        }

        Assert.Contains("bytes", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static byte[] Mutate(byte[] bytes, int how, int at, int other, byte[] noise)
    {
        at = Math.Min(at, bytes.Length);
        int end = Math.Clamp(other, at, bytes.Length);
        return how switch
        {
            0 => [.. bytes[..at], .. noise, .. bytes[Math.Min(at + noise.Length, bytes.Length)..]],
            1 => bytes[..at],
            2 => [.. bytes[..at], .. bytes[end..]],
            _ => [.. bytes[..end], .. bytes[at..end], .. bytes[end..]],
        };
    }
}
