using System.Buffers.Binary;
using System.IO.Compression;
using CsCheck;
using FocalSharp.Checkpoints;
using static FocalSharp.Core.Tests.Checkpoints.TorchFileBuilder;

namespace FocalSharp.Core.Tests.Checkpoints;

/// <summary>
/// Malicious files: each is rejected with a reason, executes nothing, and costs no more memory than its size warrants.
/// </summary>
public sealed class HostileCheckpointTests : IDisposable
{
    private static readonly byte[] Values = Floats(0, 1, 2, 3, 4, 5);
    private static readonly byte[] Weight = Tensor(Storage("FloatStorage", "0", 6), 0, [6], [1]);

    private readonly string _folder = Directory.CreateTempSubdirectory("hostile").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("subprocess", "Popen")]
    [InlineData("torch.storage", "_load_from_bytes")]
    public void A_call_that_would_execute_code_is_reported_and_not_executed(string module, string name)
    {
        string trace = Path.Combine(_folder, "trace");
        byte[] call = Reduce(Global(module, name), Tuple(Text($"touch {trace}")));

        byte[][] roots =
        [
            call,
            Dict(("state_dict", call)),
            Dict(("state_dict", Dict(("w.weight", call)))),
            Dict(("w.weight", Weight), ("w.bias", call)),
        ];
        foreach (byte[] root in roots)
        {
            Assert.Contains($"{module}.{name}", GetError(Zip(root, ("0", Values))), StringComparison.Ordinal);
            Assert.Contains($"{module}.{name}", GetError(Legacy(root)), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(trace));
    }

    [Fact]
    public void Any_truncated_file_is_rejected()
    {
        byte[] root = Dict(("w.weight", Weight));
        foreach (byte[] file in new[] { Zip(root, ("0", Values)), Legacy(root, ("0", 6, Values)) })
        {
            for (int length = 0; length < file.Length; length++)
            {
                GetError(file[..length]);
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { (byte)'X', 255, 255, 255, 127 }, "bytes are left", "2147483647")]
    [InlineData(new byte[] { 0x8d, 0, 0, 0, 0, 255, 0, 0, 0 }, "claims", "left")]
    [InlineData(new byte[] { 0x8e, 255, 255, 255, 255, 255, 255, 255, 255 }, "claims", "left")]
    [InlineData(new byte[] { 0x8b, 255, 255, 255, 127 }, "integer claims", "255")]
    [InlineData(new byte[] { 0x8b, 255, 255, 255, 255 }, "integer claims", "255")]
    [InlineData(new byte[] { (byte)'h', 9 }, "memo entry 9", "before it is set")]
    [InlineData(new byte[] { (byte)'t' }, "group of items", "begun")]
    [InlineData(new byte[] { (byte)'R' }, "empty stack", "near byte")]
    [InlineData(new byte[] { (byte)'N', (byte)'N', (byte)'a' }, "not a list", "near byte")]
    [InlineData(new byte[] { 0xff }, "0xff", "not an operation")]
    [InlineData(new byte[] { 0x80, 99 }, "protocol 99", "newer")]
    [InlineData(new byte[] { 0x97 }, "outside the file", "buffers")]
    public void A_malformed_pickle_is_rejected_with_the_reason(byte[] pickle, string reason, string detail)
    {
        string message = GetError(Zip(pickle));

        Assert.True(
            message.Contains(reason, StringComparison.Ordinal) || message.Contains(detail, StringComparison.Ordinal), message);
        Assert.Contains(_folder, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recursive_structures_are_read()
    {
        byte[] list = [.. "]q\0h\0a"u8];
        byte[] dict = [.. "}q\0"u8, .. Text("state_dict"), .. "h\0s"u8];

        Assert.Contains("no weights", GetError(Zip(list)), StringComparison.Ordinal);
        Assert.Contains("no weights", GetError(Zip(dict)), StringComparison.Ordinal);
    }

    [Fact]
    public void Unbounded_nesting_is_rejected()
    {
        Assert.Contains("deep", GetError(Zip([.. Enumerable.Repeat((byte)'(', 1_000_000)])), StringComparison.Ordinal);
        Assert.Contains("stack", GetError(Zip([.. Enumerable.Repeat((byte)']', 2_000_000)])), StringComparison.Ordinal);
        Assert.Contains(
            "no weights", GetError(Zip([.. Enumerable.Repeat((byte)']', 500_000), .. Enumerable.Repeat((byte)'a', 499_999)])),
                StringComparison.Ordinal);
    }

    [Fact]
    public void Unbounded_copying_of_a_dictionary_is_rejected()
    {
        byte[] large = [.. "}q\0("u8, .. Enumerable.Range(0, 20_000).SelectMany(i => Text($"k{i}").Append((byte)'N')), (byte)'u'];
        byte[] once = [.. Global("collections", "OrderedDict"), (byte)'h', 0, 0x85, (byte)'R', (byte)'0'];

        Assert.Contains(
            "entries of others", GetError(Zip([.. large, .. Enumerable.Repeat(once, 1000).SelectMany(bytes => bytes)])),
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 1L << 40 }, new long[] { 0L }, 0)]
    [InlineData(new long[] { 1L << 31, 1L << 31, 1L << 31 }, new long[] { 0L, 0, 0 }, 0)]
    [InlineData(new long[] { 7 }, new long[] { 1L }, 0)]
    [InlineData(new long[] { 6 }, new long[] { 1L }, 1)]
    [InlineData(new long[] { 2 }, new long[] { long.MaxValue }, 0)]
    [InlineData(new long[] { 2 }, new long[] { -1L }, 3)]
    [InlineData(new long[] { -2 }, new long[] { 1L }, 0)]
    [InlineData(new long[] { 1 }, new long[] { 1L }, long.MaxValue)]
    [InlineData(new long[] { 1 }, new long[] { 1L }, -1)]
    public void A_view_that_exceeds_or_expands_its_storage_is_rejected(long[] shape, long[] strides, long offset)
    {
        byte[] root = Dict(("w.weight", Tensor(Storage("FloatStorage", "0", 6), offset, shape, strides)));

        Assert.Contains("w.weight", GetError(Zip(root, ("0", Values))), StringComparison.Ordinal);
        Assert.Contains("w.weight", GetError(Legacy(root, ("0", 6, Values))), StringComparison.Ordinal);
    }

    [Fact]
    public void Storages_that_are_missing_or_of_another_length_are_rejected()
    {
        byte[] root = Dict(("w.weight", Weight));

        Assert.Contains("no entry for storage '0'", GetError(Zip(root)), StringComparison.Ordinal);
        Assert.Contains("20 bytes", GetError(Zip(root, ("0", Values[..20]))), StringComparison.Ordinal);
        Assert.Contains("no data for storage '0'", GetError(Legacy(root)), StringComparison.Ordinal);
        Assert.Contains("1099511627776 elements", GetError(Legacy(root, ("0", 1L << 40, Values))), StringComparison.Ordinal);
        Assert.Contains("truncated", GetError(Legacy(
            Dict(("w.weight", Tensor(Storage("FloatStorage", "0", 1L << 40), 0, [6], [1]))), ("0", 1L << 40, Values))),
                StringComparison.Ordinal);
        Assert.Contains("twice", GetError(Zip(
            Dict(("w.a", Weight), ("w.b", Tensor(Storage("FloatStorage", "0", 7), 0, [6], [1]))), ("0", Values))),
                StringComparison.Ordinal);
        Assert.Contains("listed twice", GetError(Legacy(root, ("0", 6, Values), ("0", 6, Values))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_storage_key_cannot_escape_the_archive()
    {
        byte[] root = Dict(("w.weight", Tensor(Storage("FloatStorage", "../../../etc/passwd", 6), 0, [6], [1])));

        Assert.Contains("no entry", GetError(Zip(root, ("0", Values))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_bomb_is_rejected_before_it_is_unpacked()
    {
        byte[] zeros = new byte[64 << 20];
        byte[] root = Dict(("w.weight", Tensor(Storage("FloatStorage", "0", zeros.Length / 4), 0, [zeros.Length / 4], [1])));

        Assert.Contains("zip bomb", GetError(Zip(root, CompressionLevel.Optimal, ("0", zeros))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 1 << 30)]
    [InlineData(24, 1 << 30)]
    [InlineData(24, 23)]
    [InlineData(24, 25)]
    [InlineData(20, 23)]
    [InlineData(42, 1 << 20)]
    public void A_zip_with_wrong_sizes_or_offsets_is_rejected(int field, int value)
    {
        byte[] file = Zip(Dict(("w.weight", Weight)), ("0", Values));
        int entry = Find(file, "PK\u0001\u0002"u8, 2);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(entry + field), value);

        GetError(file);
    }

    [Fact]
    public void Entries_of_the_same_name_are_rejected() =>
        Assert.Contains(
            "twice", GetError(Zip(Dict(("w.weight", Weight)), ("0", Values), ("0", Values))), StringComparison.Ordinal);

    [Fact]
    public void Files_of_other_kinds_are_distinguished()
    {
        Assert.Contains("web page", GetError("<html></html>"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("neither", GetError([]), StringComparison.Ordinal);
        Assert.Contains("Python pickle", GetError(Pickle(Dict(("w", Int(1))))), StringComparison.Ordinal);
        Assert.Contains("no weights", GetError(Zip(Weight, ("0", Values))), StringComparison.Ordinal);
        Assert.Contains("no weights", GetError(Zip(Dict(("epoch", Int(1))))), StringComparison.Ordinal);
        using MemoryStream other = new();
        using (ZipArchive archive = new(other, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("readme.txt").Open().Dispose();
        }

        Assert.Contains("without data.pkl", GetError(other.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_files_are_read_or_refused_and_never_cost_much()
    {
        byte[] root = Dict(
            ("meta", Dict(("epoch", Int(3)), ("hub", Reduce(Global("a.b", "C"), Tuple())))),
            ("state_dict", Dict(("w.weight", Weight), ("w.t", Tensor(Storage("FloatStorage", "0", 6), 0, [3, 2], [1, 3])))));
        Mutate(Zip(root, ("0", Values)), 600);
        Mutate(Legacy(root, ("0", 6, Values)), 600);
    }

    [Fact]
    [Trait(GoldenData.Trait, GoldenData.Golden)]
    public void Mutated_real_files_are_read_or_refused_and_never_cost_much()
    {
        foreach (string file in Directory.EnumerateFiles(GoldenData.Require("checkpoint"), "*.pth"))
        {
            byte[] bytes = File.ReadAllBytes(file);
            Mutate(bytes, bytes.Length < 100_000 ? 300 : 10);
        }
    }

    private static int Find(byte[] file, ReadOnlySpan<byte> signature, int occurrence)
    {
        int at = -1;
        for (int i = 0; i < occurrence; i++)
        {
            at += 1 + file.AsSpan(at + 1).IndexOf(signature);
        }

        return at;
    }

    private void Mutate(byte[] original, int iterations)
    {
        string path = Path.Combine(_folder, "mutated.pth");
        Gen<int> position = Gen.OneOf(
            Gen.Int[0, original.Length - 1], Gen.Int[0, Math.Min(original.Length, 4000) - 1],
                Gen.Int[Math.Max(0, original.Length - 4000), original.Length - 1]);
        Gen.Select(Gen.Select(position, Gen.Byte, (p, v) => (p, v)).Array[1, 5], Gen.Int[0, 9], Gen.Int[0, original.Length])
            .Sample(
            (changes, cut, length) =>
            {
                byte[] bytes = [.. original];
                foreach ((int at, byte value) in changes)
                {
                    bytes[at] = value;
                }

                File.WriteAllBytes(path, cut == 0 ? bytes[..length] : bytes);
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    Checkpoint.Read(path);
                }
                catch (FocalSharpException error)
                {
                    Assert.DoesNotContain('\0', error.Message);
                    Assert.True(error.Message.Length < 2000);
                }

                Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < (64 << 20) + (16L * original.Length));
            },
            iter: iterations,
            threads: 1);
    }

    private string GetError(byte[] file)
    {
        string path = Path.Combine(_folder, "file.pth");
        File.WriteAllBytes(path, file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<ModelException>(() => Checkpoint.Read(path)).Message;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(
            allocated < (1 << 20) + (100L * file.Length), $"{allocated} bytes allocated to refuse {file.Length}: {message}");
        return message;
    }
}
