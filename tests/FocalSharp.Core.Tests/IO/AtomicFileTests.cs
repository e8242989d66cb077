using FocalSharp.IO;

namespace FocalSharp.Core.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Writes_the_content_and_no_other_file()
    {
        string path = Path.Combine(_folder, "deep", "file.txt");

        AtomicFile.WriteText(path, "content");

        Assert.Equal("content", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_content()
    {
        string path = Path.Combine(_folder, "file.txt");
        File.WriteAllText(path, "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException("half way");
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_folder_that_cannot_be_created_is_an_error_with_a_fix()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "in the way");

        FileException error = Assert.Throws<FileException>(() => AtomicFile.WriteText(Path.Combine(file, "below.txt"), "content"));

        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Contains("choose another folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_fails_its_check_does_not_replace_the_previous_one()
    {
        string folder = Directory.CreateTempSubdirectory("focalsharp-atomic-").FullName;
        string path = Path.Combine(folder, "file.txt");
        try
        {
            AtomicFile.WriteText(path, "old");
            string seen = "";
            Assert.Throws<InvalidDataException>(() => AtomicFile.Write(path, stream => stream.Write("new"u8), written =>
            {
                seen = File.ReadAllText(written);
                throw new InvalidDataException("no");
            }));
            Assert.Equal("new", seen);
            Assert.Equal("old", File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
