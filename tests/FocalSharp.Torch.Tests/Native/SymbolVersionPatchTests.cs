using System.Text;
using FocalSharp.Build;

namespace FocalSharp.Torch.Tests.Native;

public sealed class SymbolVersionPatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Marks_the_requirement_weak_and_changes_one_byte()
    {
        byte[] library = Elf("GLIBCXX_3.4.30", SymbolVersionPatch.Version);
        byte[] before = [.. library];

        Assert.True(SymbolVersionPatch.Apply(library));

        int[] changed = [.. Enumerable.Range(0, library.Length).Where(i => library[i] != before[i])];
        int flags = Assert.Single(changed);
        Assert.Equal(0x2, library[flags] & 0x2);
    }

    [Fact]
    public void Leaves_a_patched_library_as_it_is()
    {
        byte[] library = Elf(SymbolVersionPatch.Version);
        Assert.True(SymbolVersionPatch.Apply(library));
        byte[] once = [.. library];

        Assert.False(SymbolVersionPatch.Apply(library));
        Assert.Equal(once, library);
    }

    [Fact]
    public void Leaves_a_library_without_the_requirement_as_it_is()
    {
        byte[] library = Elf("GLIBCXX_3.4.30", "CXXABI_1.3");
        byte[] before = [.. library];

        Assert.False(SymbolVersionPatch.Apply(library));
        Assert.Equal(before, library);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MZ not an ELF file, and long enough to be looked at more closely than that: 64 bytes")]
    public void Leaves_other_files_as_they_are(string content) =>
        Assert.False(SymbolVersionPatch.Apply(Encoding.ASCII.GetBytes(content)));

    [Fact]
    public void Breaks_the_hard_link_so_that_the_package_cache_keeps_its_bytes_and_time()
    {
        string cached = Path.Combine(_folder, "cached.so");
        string output = Path.Combine(_folder, "output.so");
        File.WriteAllBytes(cached, Elf(SymbolVersionPatch.Version));
        DateTime stamp = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(cached, stamp);
        byte[] before = File.ReadAllBytes(cached);
        HardLink(cached, output);

        Assert.True(SymbolVersionPatch.ApplyToFile(output));

        Assert.Equal(before, File.ReadAllBytes(cached));
        Assert.NotEqual(before, File.ReadAllBytes(output));
        Assert.Equal(stamp, File.GetLastWriteTimeUtc(output));
    }

    [Fact]
    public void The_build_patched_its_output()
    {
        string library = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(library), "this build has no Linux x64 natives");

        Assert.False(SymbolVersionPatch.Apply(File.ReadAllBytes(library)));
    }

    private static void HardLink(string existing, string link)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "hard links are made by ln");
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start("ln", [existing, link]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>A minimal ELF file: header, three section headers (null, .gnu.version_r, .dynstr), one needed file.</summary>
    private static byte[] Elf(params string[] versions)
    {
        const int HeaderSize = 64, SectionSize = 64, NeedOffset = HeaderSize + (3 * SectionSize);
        int stringOffset = NeedOffset + 16 + (16 * versions.Length);
        StringBuilder strings = new("\0");
        int[] names = new int[versions.Length];
        for (int i = 0; i < versions.Length; i++)
        {
            names[i] = strings.Length;
            strings.Append(versions[i]).Append('\0');
        }

        byte[] file = new byte[stringOffset + strings.Length];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }.CopyTo(file, 0);
        Put(file, 0x28, (long)HeaderSize);
        Put(file, 0x3a, (short)SectionSize);
        Put(file, 0x3c, (short)3);
        int need = HeaderSize + SectionSize;
        Put(file, need + 4, 0x6ffffffe);
        Put(file, need + 0x18, (long)NeedOffset);
        Put(file, need + 0x28, 2);
        Put(file, need + 0x2c, 1);
        Put(file, HeaderSize + (2 * SectionSize) + 0x18, (long)stringOffset);
        Put(file, NeedOffset, (short)1);
        Put(file, NeedOffset + 2, (short)versions.Length);
        Put(file, NeedOffset + 8, 16);
        for (int i = 0; i < versions.Length; i++)
        {
            int aux = NeedOffset + 16 + (16 * i);
            Put(file, aux + 8, names[i]);
            Put(file, aux + 12, i + 1 < versions.Length ? 16 : 0);
        }

        Encoding.ASCII.GetBytes(strings.ToString()).CopyTo(file, stringOffset);
        return file;
    }

    private static void Put(byte[] file, int at, long value) => BitConverter.GetBytes(value).CopyTo(file, at);

    private static void Put(byte[] file, int at, int value) => BitConverter.GetBytes(value).CopyTo(file, at);

    private static void Put(byte[] file, int at, short value) => BitConverter.GetBytes(value).CopyTo(file, at);
}
