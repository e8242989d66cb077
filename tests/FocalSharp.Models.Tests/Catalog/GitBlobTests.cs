using FocalSharp.Models.Catalog.Fetching;

namespace FocalSharp.Models.Tests.Catalog;

public sealed class GitBlobTests
{
    // As printed by 'git hash-object'; the first is git's well-known id of an empty file.
    [Theory]
    [InlineData("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")]
    [InlineData("hello\n", "ce013625030ba8dba906f756967f9e9ca394464a")]
    public void The_id_is_gits(string content, string id)
    {
        using TemporaryFolder folder = new();
        string path = folder.In("file");
        File.WriteAllText(path, content);
        Assert.Equal(id, GitBlob.ComputeId(path));
    }
}
