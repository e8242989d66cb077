using FocalSharp.IO;

namespace FocalSharp.Core.Tests.IO;

public sealed class AtomicBatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_file_is_complete_before_the_flush_and_no_other_file_remains()
    {
        AtomicBatch batch = new();
        string[] paths = [.. Enumerable.Range(0, 50).Select(i => Path.Combine(_folder, "deep", $"{i:00}.txt"))];
        foreach (string path in paths)
        {
            batch.WriteText(path, path);
            Assert.Equal(path, File.ReadAllText(path));
        }

        batch.Flush();
        batch.Flush();

        Assert.Equal(paths, Directory.GetFiles(Path.Combine(_folder, "deep")).Order(StringComparer.Ordinal));
        Assert.All(paths, path => Assert.Equal(path, File.ReadAllText(path)));
    }

    [Fact]
    public void A_file_that_is_gone_before_the_flush_is_a_users_error()
    {
        AtomicBatch batch = new();
        batch.WriteText(Path.Combine(_folder, "a"), "a");
        File.Delete(Path.Combine(_folder, "a"));

        Assert.Throws<FileException>(batch.Flush);
    }
}
