using System.IO.Compression;
using System.Text;
using FocalSharp.Core.Tests.Datasets.Formats;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Core.Tests.Datasets.Files;

public sealed class DatasetArchiveTests
{
    private const string Table = "filename,class,xmin,ymin,xmax,ymax\na.png,cat,10,12,30,32\n";

    [Theory]
    [InlineData("")]
    [InlineData("set/")]
    [InlineData("outer/inner/")]
    [InlineData("set\\")]
    public void Reads_a_zip_file_of_a_data_set_or_of_its_folder(string prefix)
    {
        using TestFolder folder = Zip((prefix + "a.png", TestFolder.Png(100, 80)), (prefix + "a.csv", Encoding.UTF8.GetBytes(Table)), ("__MACOSX/._a.png", []));
        string first = Extract(folder);
        DetectionDataset set = DatasetReader.Read(first);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 12, 30, 32));
        Assert.Equal(first, Extract(folder));
        Assert.Single(Directory.GetDirectories(folder["cache"]));
    }

    [Theory]
    [InlineData("../outside.txt")]
    [InlineData("/etc/outside.txt")]
    [InlineData("a/../../outside.txt")]
    [InlineData("..\\outside.txt")]
    [InlineData("C:\\outside.txt")]
    public void An_entry_that_leaves_the_folder_is_an_error_and_nothing_remains(string name)
    {
        using TestFolder folder = Zip(("a.csv", Encoding.UTF8.GetBytes(Table)), (name, [1]));

        Assert.Contains("leaves its folder", Assert.Throws<DatasetException>(() => Extract(folder)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, "outside.txt", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["cache"]));
    }

    [Fact]
    public void Contents_that_are_too_large_for_the_archive_are_an_error()
    {
        using TestFolder folder = Zip(("a.csv", new byte[300 << 20]));

        Assert.Contains("too large", Assert.Throws<DatasetException>(() => Extract(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_are_not_created()
    {
        using TestFolder folder = new();
        using (ZipArchive archive = ZipFile.Open(folder["set.zip"], ZipArchiveMode.Create))
        {
            ZipArchiveEntry link = archive.CreateEntry("link");
            link.ExternalAttributes = unchecked((int)0xA1FF0000);
            using Stream stream = link.Open();
            stream.Write("/etc/passwd"u8);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Extract(folder)));
    }

    // Without the mark for UTF-8: UTF-8 all the same, GBK and windows-1252.
    [Theory]
    [InlineData(new byte[] { 0xE7, 0x8C, 0xAB }, "猫")]
    [InlineData(new byte[] { 0xC3, 0xA8, 0xB9, 0xB7 }, "猫狗")]
    [InlineData(new byte[] { (byte)'T', 0xFC, (byte)'r' }, "Tür")]
    public void Names_in_legacy_encodings_are_read(byte[] name, string expected)
    {
        using TestFolder folder = Zip((new string('x', name.Length), [1]));
        byte[] zip = File.ReadAllBytes(folder["set.zip"]);
        byte[] placeholder = Encoding.ASCII.GetBytes(new string('x', name.Length));
        for (int i = 0; i <= zip.Length - name.Length; i++)
        {
            if (zip.AsSpan(i, name.Length).SequenceEqual(placeholder))
            {
                name.CopyTo(zip.AsSpan(i));
            }
        }

        folder.Bytes("set.zip", zip);

        Assert.Equal(expected, Path.GetFileName(Assert.Single(Directory.GetFiles(Extract(folder)))));
    }

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B, 8 }, "gzip")]
    [InlineData(new byte[] { (byte)'7', (byte)'z', 0xBC, 0xAF }, "7z")]
    public void Other_archives_are_named(byte[] content, string kind)
    {
        using TestFolder folder = new TestFolder().Bytes("set.bin", content);

        Assert.Contains(kind, Assert.Throws<DatasetException>(() => DatasetReader.Read(folder["set.bin"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_zip_file_is_an_error()
    {
        using TestFolder folder = Zip(("a.csv", Encoding.UTF8.GetBytes(Table)));
        folder.Bytes("set.zip", File.ReadAllBytes(folder["set.zip"])[..^30]);

        Assert.Contains("ZIP", Assert.Throws<DatasetException>(() => Extract(folder)).Message, StringComparison.Ordinal);
    }

    private static string Extract(TestFolder folder) => DatasetArchive.Extract(folder["set.zip"], "set.zip", folder["cache"]);

    private static TestFolder Zip(params (string Name, byte[] Content)[] entries)
    {
        TestFolder folder = new();
        using ZipArchive archive = ZipFile.Open(folder["set.zip"], ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in entries)
        {
            using Stream stream = archive.CreateEntry(name).Open();
            stream.Write(content);
        }

        return folder;
    }
}
