using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Core.Tests.Evaluation.Coco;

public sealed class CocoResultsResolverTests : IDisposable
{
    private const string Rest = "\"bbox\":[0,0,4,4],\"score\":0.5}";

    private static readonly CocoGroundTruth Truth = new("truth", [7, 3, 12], [new(4, "cat"), new(9, "dog")], [])
    {
        FileNames = ["train/a.jpg", "val/a.jpg", "b.v2.png"],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("results").FullName;

    [Theory]
    [InlineData("""{"image_id":3,"category_id":9,""", 3, 9, "")]
    [InlineData("""{"image_id":"3","category_id":"9",""", 3, 9, "")]
    [InlineData("""{"image_id":"b.v2","category_id":4,""", 12, 4, "by file name without extension")]
    [InlineData("""{"image_id":"val/a.jpg","category_id":4,""", 3, 4, "by file name")]
    [InlineData("""{"file_name":"C:\\data\\train\\a.jpg","category_id":4,""", 7, 4, "by file name")]
    [InlineData("""{"file_name":"/elsewhere/b.v2.jpg","category_id":4,""", 12, 4, "by file name without extension")]
    [InlineData("""{"image_id":3,"file_name":"x/val/a.jpg","category_id":4,""", 3, 4, "")]
    [InlineData("""{"image_id":3,"file_name":"b.v2.png","category_id":4,""", 12, 4, "image_id of 1 of 1 is that of another image")]
    [InlineData("""{"image_id":1,"file_name":"b.v2.png","category_id":4,""", 12, 4, "image_id of 1 of 1")]
    [InlineData("""{"image_id":12,"file_name":"not-there.png","category_id":4,""", 12, 4, "")]
    [InlineData("""{"image_id":12,"category_id":1,"category_name":"dog",""", 12, 9, "by name: the category_id of 1 of 1")]
    [InlineData("""{"image_id":12,"category_id":"Dog",""", 12, 9, "")]
    [InlineData("""{"image_id":12,"category_id":4,"category_name":"gato",""", 12, 4, "")]
    public void An_entry_is_matched_and_said_how(string entry, long image, int category, string note)
    {
        CocoResults results = CocoResults.Read(Write($"[{entry}{Rest}]"), Truth);

        Assert.Equal(1, results.Count);
        Assert.Equal(new CocoResult(image, category, new CocoBox(0, 0, 4, 4), 0.5), results[0]);
        Assert.Equal(note.Length == 0, results.Notes.Count == 0);
        Assert.Contains(note, string.Join('\n', results.Notes), StringComparison.Ordinal);
    }

    // An unmatched text is never guessed.
    [Theory]
    [InlineData("""{"image_id":"a","category_id":4,""", "entry 0: image_id \"a\" is not among the 3 images")]
    [InlineData("""{"image_id":"c","category_id":4,""", "image_id \"c\"")]
    [InlineData("""{"image_id":5,"category_id":4,""", "image_id 5 is not among the 3 images of truth (such as 7, train/a.jpg)")]
    [InlineData("""{"file_name":"c.png","category_id":4,""", "file_name \"c.png\"")]
    [InlineData("""{"image_id":3,"category_id":"bird",""", "class \"bird\" is not among the categories of truth (cat, dog)")]
    public void An_entry_without_image_or_class_is_an_error_that_names_it(string entry, string expected)
    {
        string path = Write($"[{entry}{Rest}]");
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => CocoResults.Read(path, Truth)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_of_the_detector_only_are_left_out_as_with_a_model()
    {
        CocoResults results = CocoResults.Read(
            Write($$"""[{"image_id":3,"category_id":1,"category_name":"cat",{{Rest}},{"image_id":3,"category_id":2,"category_name":"bus",{{Rest}}]"""), Truth);

        Assert.Equal(1, results.Count);
        Assert.Contains(results.Notes, note => note == "1 detections of classes that the annotations do not have are left out: bus.");
    }

    // Files 1.jpg and 2.jpg have the ids 2 and 1: "1" as text is ambiguous, 1 as a number is an id.
    [Fact]
    public void Text_that_is_the_id_of_one_image_and_the_name_of_another_is_refused()
    {
        CocoGroundTruth swapped = new("swapped", [2, 1], [new(4, "cat")], []) { FileNames = ["1.jpg", "2.jpg"] };
        string text = Write($"[{{\"image_id\":\"1\",\"category_id\":4,{Rest}]");
        string number = Write($"[{{\"image_id\":1,\"category_id\":4,{Rest}]");

        Assert.Contains("the id of one image", Assert.Throws<OptionException>(() => CocoResults.Read(text, swapped)).Message, StringComparison.Ordinal);
        Assert.Equal(1, CocoResultsResolver.Resolve(RawResults.Read(text), swapped, ImageMatching.Id)[0].ImageId);
        Assert.Equal(2, CocoResultsResolver.Resolve(RawResults.Read(text), swapped, ImageMatching.FileName)[0].ImageId);
        Assert.Equal(1, CocoResults.Read(number, swapped)[0].ImageId);
    }

    // Ultralytics writes the number of a numeric file name.
    [Fact]
    public void Numbers_that_are_no_ids_match_numeric_file_names()
    {
        CocoGroundTruth truth = new("numbered", [1, 2], [new(4, "cat")], []) { FileNames = ["000139.jpg", "000285.jpg"] };
        CocoResults results = CocoResults.Read(Write($"[{{\"image_id\":285,\"category_id\":4,{Rest}]"), truth);

        Assert.Equal(2, results[0].ImageId);
        Assert.Contains("by the number in their file names", Assert.Single(results.Notes), StringComparison.Ordinal);
    }

    // File names that were not updated, or ids: both readings are available.
    [Fact]
    public void Entries_whose_file_name_contradicts_a_valid_id_can_be_read_by_id()
    {
        CocoResults results = CocoResults.Read(Write($"[{{\"image_id\":3,\"file_name\":\"b.v2.png\",\"category_id\":4,{Rest}]"), Truth);

        Assert.Equal(12, results[0].ImageId);
        Assert.Equal(3, results.ByImageId![0].ImageId);
        Assert.Null(CocoResults.Read(Write($"[{{\"image_id\":12,\"file_name\":\"b.v2.png\",\"category_id\":4,{Rest}]"), Truth).ByImageId);
    }

    [Fact]
    public void Ids_of_more_than_64_bits_are_matched()
    {
        string path = Write("""
            {"images":[{"id":18446744073709551615,"file_name":"a.jpg"},{"id":18446744073709551614,"file_name":"b.jpg"}],"categories":[{"id":4,"name":"cat"}],"annotations":[]}
            """);
        CocoGroundTruth truth = CocoGroundTruth.Read(path);
        CocoResults results = CocoResults.Read(Write($"[{{\"image_id\":18446744073709551614,\"category_id\":4,{Rest}]"), truth);

        Assert.Equal(truth.ImageIds[1], results[0].ImageId);
    }

    [Fact]
    public void Without_annotations_text_ids_are_an_error()
    {
        string path = Write($"[{{\"image_id\":\"a\",\"category_id\":4,{Rest}]");
        Assert.Contains("together with the annotations", Assert.Throws<DatasetException>(() => CocoResults.Read(path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string json)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, json);
        return path;
    }
}
