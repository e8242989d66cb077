using System.Text;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Core.Tests.Evaluation.Coco;

public sealed class CocoFilesTests : IDisposable
{
    private const string Annotation = """{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,4,4]}""";
    private const string Result = """{"image_id":1,"category_id":1,"bbox":[0,0,4,4],"score":0.5}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("coco").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reads_annotations_regardless_of_other_keys()
    {
        CocoGroundTruth truth = CocoGroundTruth.Read(Write("\uFEFF" + """
            {"annotations":[
              {"id":5,"image_id":2.0,"category_id":1,"bbox":[1,2,3.5,4],"area":9.5,"iscrowd":1,"segmentation":{"counts":[1,2],"size":[3,3]}},
              {"id":6,"image_id":1,"category_id":9,"bbox":[0,0,2,3],"iscrowd":false,"attributes":{"a":[{}]}}],
             "info":{"year":2026},"licenses":null,
             "categories":[{"id":9,"name":"ü","supercategory":null},{"id":1}],
             "images":[{"file_name":"x.jpg","id":2},{"id":1,"coco_url":["a"]}]}
            """));
        Assert.Equal([2, 1], truth.ImageIds);
        Assert.Equal([new CocoCategory(9, "ü"), new CocoCategory(1, "1")], truth.Categories);
        Assert.Equal(new CocoAnnotation(5, 2, 1, new CocoBox(1, 2, 3.5, 4), 9.5, true), truth[0]);
        Assert.Equal(new CocoAnnotation(6, 1, 9, new CocoBox(0, 0, 2, 3), 6, false), truth[1]);
    }

    [Fact]
    public void Results_are_restored_bit_for_bit()
    {
        CocoResults results = new("r", [new(1L << 40, 3, new(0.1, 1 / 3.0, 12.300000190734863, 1e-7), 0.1f), new(2, -4, new(0, 0, 0, 0), 1)]);
        string path = Path.Combine(_folder, "r.json");
        results.Write(path);
        CocoResults read = CocoResults.Read(path);
        Assert.Equal(results.Count, read.Count);
        Assert.All(Enumerable.Range(0, 2), i => Assert.Equal(results[i], read[i]));
    }

    [Theory]
    [InlineData("""[{"image_id":1,"category_id":1,"bbox":[0,0,4,4],"score":0.5},{"image_id":1,"category_id":1,"bbox":[0,0,4,4],"score":NaN}]""", "entry 1", "NaN")]
    [InlineData("""[{"image_id":1,"category_id":1,"bbox":[0,Infinity,4,4],"score":1}]""", "entry 0", "NaN or Infinity")]
    [InlineData("""[{"image_id":1,"category_id":1,"bbox":[0,0,4,4],"score":1e999}]""", "entry 0", "'score' must be a finite number")]
    [InlineData("""[{"image_id":"abc","category_id":1,"bbox":[0,0,4,4],"score":1}]""", "entry 0", "the text \"abc\"")]
    [InlineData("""[{"image_id":1,"category_id":1.5,"bbox":[0,0,4,4],"score":1}]""", "entry 0", "'category_id' must be an integer")]
    [InlineData("""[{"image_id":1,"category_id":1,"bbox":[0,0,4],"score":1}]""", "entry 0", "contains 3")]
    [InlineData("""[{"image_id":1,"category_id":1,"bbox":"large","score":1}]""", "entry 0", "'bbox' must be a list")]
    [InlineData("""[{"image_id":1,"category_id":1,"bbox":[0,0,4,"x"],"score":1}]""", "entry 0", "'bbox' must be a finite number")]
    [InlineData("""[{"image_id":1,"category_id":1,"score":1}]""", "entry 0", "'bbox' is missing")]
    [InlineData("""[{"image_id":1,"category_id":1,"bbox":[0,0,4,4]}]""", "entry 0", "'score' is missing")]
    [InlineData("""[[1,2]]""", "entry 0", "must be an object")]
    [InlineData("""{"images":[]}""", "", "results file")]
    [InlineData("""[{"image_id":1,"category_id":1,"bbox":[0,0""", "entry 0", "truncated")]
    [InlineData("""[] tail""", "", "not valid JSON")]
    [InlineData("", "", "truncated")]
    [InlineData("PK\u0003\u0004", "", "not valid JSON")]
    public void Invalid_results_are_rejected_with_file_entry_and_reason(string json, string entry, string reason)
    {
        string path = Write(json);
        string message = Assert.Throws<DatasetException>(() => CocoResults.Read(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(entry, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"id":1,"image_id":1,"category_id":1}]}""", "annotations entry 0: 'bbox' is missing")]
    [InlineData("""{"images":[{"id":1}],"categories":[{"id":1}]}""", "'annotations' is missing")]
    [InlineData("""{"images":[{}],"categories":[],"annotations":[]}""", "images entry 0: 'id' is missing")]
    [InlineData("""{"images":[],"categories":[{"id":5000000000}],"annotations":[]}""", "categories entry 0: 'id' must be")]
    [InlineData("""{"images":{},"categories":[],"annotations":[]}""", "'images' is missing or not a list")]
    [InlineData("""{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3]}]}""", "annotations entry 0: 'bbox' has 3 numbers")]
    [InlineData("""{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"id":1,"image_id":"b","category_id":1,"bbox":[1,2,3,4]}]}""", "annotations entry 0: 'image_id' is missing or names no image")]
    [InlineData("""{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,NaN,4]}]}""", "annotations entry 0: 'bbox' must be four finite numbers")]
    [InlineData("""{"images":[7],"categories":[],"annotations":[]}""", "images element 0 is not an object")]
    [InlineData("""[1]""", "must be an object with images")]
    [InlineData("""{"images":[],"categories":[],"annotations":[{"id":3,"image_id":1,"category_id":1,"bbox":[1,1,1,1]},{"id":3,"image_id":1,"category_id":1,"bbox":[1,1,1,1]}]}""", "annotations entry 1: id 3 is used")]
    [InlineData("""{"images":[{"id":1,"file_name":"a.jpg"},{"id":1,"file_name":"b.jpg"}],"categories":[],"annotations":[]}""", "images entry 1 ('b.jpg'): id 1 is that of entry 0 ('a.jpg')")]
    [InlineData("""{"images":[{"id":1}],"categories":[],"annotations":[{"id":1,"image_id":1,"category_id":3,"bbox":[1,2,3,4]}]}""", "none of the 1 annotations has a category of 'categories' (which is empty); they have the category ids 3")]
    [InlineData("""{"images":[{"id":1}],"categories":["a","b"],"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4]}]}""", "none of the 1 annotations has a category")]
    public void Invalid_annotations_are_rejected_with_their_entry(string json, string reason)
    {
        string path = Write(json);
        string message = Assert.Throws<DatasetException>(() => CocoGroundTruth.Read(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_is_listed_twice_counts_once()
    {
        CocoGroundTruth truth = CocoGroundTruth.Read(Write($$"""{"images":[{"id":1,"file_name":"a"},{"id":1,"file_name":"a"},{"id":2}],"categories":[{"id":1}],"annotations":[{{Annotation}}]}"""));
        Assert.Equal([1, 2], truth.ImageIds);
        Assert.Equal(["a", null], truth.FileNames);
    }

    [Fact]
    public void Objects_inside_images_are_ground_truth()
    {
        CocoGroundTruth truth = CocoGroundTruth.Read(Write("""{"images":[{"id":4,"annotations":[{"id":1,"category_id":1,"bbox":[1,2,3,4]}]}],"categories":[{"id":1}],"annotations":[]}"""));
        Assert.Equal((4, new CocoBox(1, 2, 3, 4)), (truth[0].ImageId, truth[0].Box));
    }

    [Fact]
    public void Missing_files_and_folders_are_rejected()
    {
        Assert.Contains("no such file", Assert.Throws<FileException>(() => CocoResults.Read(Path.Combine(_folder, "none.json"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.ThrowsAny<FocalSharpException>(() => CocoGroundTruth.Read(_folder)).Message, StringComparison.Ordinal);
        string gt = Write($$"""{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{{Annotation}}]}""");
        Assert.ThrowsAny<FocalSharpException>(() => CocoEvaluator.EvaluateFiles(gt, Path.Combine(_folder, "none.json")));
    }

    [Fact]
    public void Evaluates_two_files()
    {
        string gt = Write($$"""{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{{Annotation}}]}""");
        string dt = Write($"[{Result}]");
        Assert.Equal(1, CocoEvaluator.EvaluateFiles(gt, dt).AP, 1e-12);
    }

    [Fact]
    public void Any_truncated_file_gives_a_FocalSharpException()
    {
        byte[] whole = Encoding.UTF8.GetBytes($$"""{"images":[{"id":1}],"categories":[{"id":1,"name":"a"}],"annotations":[{{Annotation}}]}""");
        for (int length = 0; length < whole.Length; length++)
        {
            string path = Path.Combine(_folder, "cut.json");
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<DatasetException>(() => CocoGroundTruth.Read(path));
        }
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, text);
        return path;
    }
}
