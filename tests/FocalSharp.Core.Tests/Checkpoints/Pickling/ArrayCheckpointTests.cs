using System.Text;
using FocalSharp.Checkpoints;
using static FocalSharp.Core.Tests.Checkpoints.TorchFileBuilder;

namespace FocalSharp.Core.Tests.Checkpoints.Pickling;

/// <summary>Pickled NumPy arrays, as Paddle saves them; the bytes are those that Python's pickle module writes for each protocol.</summary>
public sealed class ArrayCheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-arrays-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Arrays_are_read_by_name_with_type_and_shape(int protocol)
    {
        Checkpoint file = Read(protocol, Dict(
            ("a.weight", Array(protocol, "f4", [2, 3], Floats(1, 2, 3, 4, 5, 6))),
            ("a._mean", Tuple(Text("batch_norm_0.w_1"), Array(protocol, "f4", [1], Floats(7)))),
            ("step", Array(protocol, "i8", [], BitConverter.GetBytes(9L))),
            ("StructuredToParameterName@@", Dict(("a.weight", Text("conv2d_0.w_0"))))));

        Assert.Equal(["a.weight", "a._mean", "step"], file.Weights.Names);
        Assert.Equal([2L, 3L], file.Weights["a.weight"].Shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.Weights["a.weight"].Span<float>().ToArray());
        Assert.Equal([7f], file.Weights["a._mean"].Span<float>().ToArray());
        Assert.Equal([9.0], file.Weights["step"].ToDoubles());
        Assert.Equal(["StructuredToParameterName@@"], file.Skipped);
    }

    [Fact]
    public void Column_major_arrays_become_row_major()
    {
        // [[1, 2, 3], [4, 5, 6]], stored column by column.
        Checkpoint file = Read(4, Dict(
            ("w", Array(4, "f4", [2, 3], Floats(1, 4, 2, 5, 3, 6), fortran: true)), ("v", Array(4, "f4", [3, 1, 1], Floats(1, 2, 3), fortran: true))));

        Assert.Equal([1f, 2, 3, 4, 5, 6], file.Weights["w"].Span<float>().ToArray());
        Assert.Equal([1f, 2, 3], file.Weights["v"].Span<float>().ToArray());
    }

    [Theory]
    [InlineData("f4", "<", 3, "has 8 bytes")]
    [InlineData("f4", "<", -1, "has 8 bytes")]
    [InlineData("f4", "<", 1L << 62, "has 8 bytes")]
    [InlineData("f4", ">", 2, "little-endian")]
    [InlineData("O8", "|", 1, "little-endian")]
    [InlineData("U2", "<", 1, "little-endian")]
    public void Arrays_that_do_not_fit_their_shape_or_are_no_numbers_are_refused(string type, string order, long size, string reason)
    {
        ModelException error = Assert.Throws<ModelException>(() => Read(4, Dict(("w", Array(4, type, [size], Floats(1, 2), order: order)))));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("'w'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_in_the_file_is_not_executed()
    {
        Checkpoint file = Read(4, Dict(
            ("w", Array(4, "f4", [1], Floats(1))), ("x", Reduce(Global("os", "system"), Tuple(Text("echo"))))));

        Assert.Equal(["w"], file.Weights.Names);
        Assert.Equal(["os.system"], file.Ignored);
    }

    [Fact]
    public void A_text_that_is_encoded_again_and_again_is_refused()
    {
        // The text is memorized once and encoded many times.
        List<byte> arrays = [.. Text(new string('x', 10_000)), (byte)'q', 1, (byte)'0', (byte)'}', (byte)'('];
        for (int i = 0; i < 100; i++)
        {
            arrays.AddRange([.. Text($"{i}"), .. Reduce(Global("_codecs", "encode"), Tuple([(byte)'h', 1], Text("latin1")))]);
        }

        byte[] file = [0x80, 2, .. arrays, (byte)'u', (byte)'.'];
        Assert.Contains("encoded more than once", Assert.Throws<ModelException>(() => Read(file)).Message, StringComparison.Ordinal);
    }

    /// <summary>Writes an array as <c>pickle.dumps(array, protocol)</c> does.</summary>
    internal static byte[] Array(int protocol, string type, long[] shape, byte[] data, bool fortran = false, string order = "<")
    {
        byte[] dtype =
        [
            .. Reduce(Global("numpy", "dtype"), Tuple(Text(type), False, [0x88])),
            .. Tuple(Int(3), Text(order), None, None, None, Int(-1), Int(-1), Int(0)), (byte)'b',
        ];
        byte[] empty = [.. Reduce(Global("numpy.core.multiarray", "_reconstruct"), Tuple(Global("numpy", "ndarray"), Ints(0), Bytes(protocol, "b"u8.ToArray())))];
        return [.. empty, .. Tuple(Int(1), Ints(shape), dtype, fortran ? [0x88] : False, Bytes(protocol, data)), (byte)'b'];
    }

    // Protocol 2 has no bytes: Python stores a text of the same code points and a call that encodes it.
    private static byte[] Bytes(int protocol, byte[] data) => protocol < 3
        ? Reduce(Global("_codecs", "encode"), Tuple(Text(Encoding.Latin1.GetString(data)), Text("latin1")))
        : [(byte)'B', .. BitConverter.GetBytes(data.Length), .. data];

    private Checkpoint Read(int protocol, byte[] value) => Read([0x80, (byte)protocol, .. value, (byte)'.']);

    private Checkpoint Read(byte[] file)
    {
        string path = Path.Combine(_folder, "w.pdparams");
        File.WriteAllBytes(path, file);
        return Checkpoint.Read(path);
    }
}
