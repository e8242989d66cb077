using FocalSharp.Boxes;
using FocalSharp.Datasets.Patching;

namespace FocalSharp.Core.Tests.Datasets.Patching;

public sealed class LabelPatchTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_saved_is_read_back()
    {
        LabelPatch patch = new()
        {
            Dataset = "pets",
            Edits =
            [
                new LabelEdit("ä b.jpg", null, new PatchLabel("cat", new Box(1.25f, 2, 3, 4.1f))),
                new LabelEdit("b.jpg", new PatchLabel("cat", new Box(0, 0, 1, 1)), null),
                new LabelEdit("b.jpg", new PatchLabel("cat", new Box(0, 0, 1, 1)), new PatchLabel("dog", new Box(0, 0, 2, 1))),
            ],
            Reviewed = ["b.jpg"],
        };
        string path = _folder["x" + LabelPatch.Extension];

        patch.Save(path);
        LabelPatch read = LabelPatch.Read(path);

        Assert.Equal("pets", read.Dataset);
        Assert.Equal(patch.Edits, read.Edits);
        Assert.Equal(patch.Reviewed, read.Reviewed);
    }

    [Theory]
    [InlineData("[]", "'format'")]
    [InlineData("{\"format\":\"focalsharp-label-patch\"}", "'version'")]
    [InlineData("{\"format\":\"focalsharp-label-patch\",\"version\":2,\"edits\":[]}", "version 2")]
    [InlineData("{\"format\":\"focalsharp-label-patch\",\"version\":1}", "'edits'")]
    [InlineData("{\"format\":\"focalsharp-label-patch\",\"version\":1,\"edits\":[{\"image\":\"a\"}]}", "edit 1: it has neither")]
    [InlineData("{\"format\":\"focalsharp-label-patch\",\"version\":1,\"edits\":[{\"image\":\"a\",\"after\":{\"class\":\"c\",\"box\":[1,2,3]}}]}", "edit 1: a label must")]
    [InlineData("{\"format\":\"focalsharp-label-patch\",\"version\":1,\"edits\":[{\"image\":\"a\",\"after\":{\"class\":\"c\",\"box\":[1,2,1e39,4]}}]}", "finite")]
    [InlineData("{\"format\":\"focalsharp-label-patch\",\"version\":1,\"edits\":[{\"image\":\"a\",\"after\":{\"class\":\"c\",\"box\":[5,2,3,4]}}]}", "x1 < x2")]
    [InlineData("{\"format\":\"focalsharp-label-patch\",\"version\":1,\"edits\":[{\"image\":7,\"after\":{\"class\":\"c\",\"box\":[1,2,3,4]}}]}", "'image'")]
    [InlineData("{\"edits\":[", "")]
    [InlineData("[[[[[[[[[[1]]]]]]]]]]", "depth")]
    public void A_damaged_file_is_refused_with_the_place(string json, string words)
    {
        string path = _folder["broken.json"];
        File.WriteAllText(path, json);

        FileException error = Assert.Throws<FileException>(() => LabelPatch.Read(path));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_reported() => Assert.Throws<FileException>(() => LabelPatch.Read(_folder["none.json"]));

    [Theory]
    [InlineData("data/cells", "data/cells.label-patch.json")]
    [InlineData("data/cells/", "data/cells.label-patch.json")]
    [InlineData("data/cells.json", "data/cells.json.label-patch.json")]
    public void The_patch_lies_beside_the_data_set(string data, string expected) => Assert.Equal(Path.GetFullPath(expected), LabelPatch.GetPath(data));
}
