using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets;

public sealed class DatasetReaderTests
{
    [Fact]
    public void Lists_what_was_searched_if_no_format_is_recognized()
    {
        using TestFolder folder = new TestFolder().Text("notes.json", "{\"hello\": 1}").Text("recipe.yaml", "lr: 0.01").Image("a.png");

        string message = Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message;

        Assert.Contains("COCO: a .json file", message, StringComparison.Ordinal);
        Assert.Contains("VOC: Annotations/*.xml", message, StringComparison.Ordinal);
        Assert.Contains("YOLO: a data.yaml", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("text.txt")]
    [InlineData("broken.json")]
    public void A_wrong_path_is_an_error(string name)
    {
        using TestFolder folder = new TestFolder().Text("text.txt", "hello").Text("broken.json", "{");

        Assert.ThrowsAny<FocalSharpException>(() => DatasetReader.Read(folder[name]));
    }

    [Theory]
    [InlineData("{\"images\": [], \"annotations\": [], \"categories\": [{\"id\": 1, \"name\": \"a\"}]}", "no image")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}], \"annotations\": [], \"categories\": []}", "class")]
    public void An_empty_data_set_is_an_error(string json, string word)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.json", json);

        Assert.Contains(word, Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_specified_format_overrides_detection()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("data.yaml", "train: images\nnames: [y]\n")
            .Text("a.json", "{\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}], \"annotations\": [], \"categories\": [{\"id\": 5, \"name\": \"c\"}]}");

        Assert.Equal(["y"], DatasetReader.Read(folder.Path).Classes);
        Assert.Equal(["c"], DatasetReader.Read(folder.Path, new DatasetReadOptions { Format = DatasetFormats.Coco }).Classes);
    }

    [Fact]
    public void Messages_contain_no_control_characters()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text(
            "a.json", "{\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}, {\"id\": 2, \"file_name\": \"\\u001b[31m\\nb\"}], \"annotations\": [], \"categories\": [{\"id\": 5, \"name\": \"c\"}]}");

        Assert.DoesNotContain(Assert.Single(DatasetReader.Read(folder.Path).Problems).Message, char.IsControl);
    }
}
