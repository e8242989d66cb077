using FocalSharp.Checkpoints.Ncnn;
using FocalSharp.Core.Tests.Datasets;

namespace FocalSharp.Core.Tests.Checkpoints.Ncnn;

public sealed class NcnnModelTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_float32_weights_with_bias_and_stride()
    {
        NcnnConvolution read = Read("Convolution c 1 1 data y 0=2 1=1 3=2 5=1 6=6", [.. Tag(0), .. Floats(1, 2, 3, 4, 5, 6), .. Floats(0.5f, -0.5f)]);

        Assert.Equal([2, 3, 1, 1], read.Weight.Shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], read.Weight.Span<float>().ToArray());
        Assert.Equal([0.5f, -0.5f], read.Bias!);
        Assert.Equal((2, 1), (read.Stride, read.Groups));
    }

    [Fact]
    public void Reads_float16_weights_padded_to_four_bytes()
    {
        byte[] halves = [.. new[] { 1.5, -2, 0.25 }.SelectMany(value => BitConverter.GetBytes((Half)value))];

        NcnnConvolution read = Read("Convolution c 1 1 data y 0=1 1=1 5=1 6=3", [.. Tag(0x01306B47), .. halves, 0, 0, .. Floats(7)]);

        Assert.Equal([1.5f, -2, 0.25f], read.Weight.Span<float>().ToArray());
        Assert.Equal([7f], read.Bias!);
    }

    [Fact]
    public void Divides_8_bit_weights_by_the_scale_of_their_output_channel()
    {
        byte[] levels = [10, unchecked((byte)-20), 30, 127];

        NcnnConvolution read = Read(
            "Convolution c 1 1 data y 0=2 1=1 5=1 6=4 8=102", [.. Tag(0x000D4B38), .. levels, .. Floats(0, 1), .. Floats(10, 4), .. Floats(3), .. Floats(5)]);

        Assert.Equal([1f, -2, 7.5f, 31.75f], read.Weight.Span<float>().ToArray());
        Assert.Equal([0f, 1], read.Bias!);
    }

    [Fact]
    public void A_channel_of_infinite_scale_is_zero()
    {
        NcnnConvolution read = Read(
            "Convolution c 1 1 data y 0=2 1=1 6=2 8=2", [.. Tag(0x000D4B38), 127, 64, 0, 0, .. Floats(float.PositiveInfinity, 32), .. Floats(3)]);

        Assert.Equal([0f, 2], read.Weight.Span<float>().ToArray());
        Assert.Throws<ModelException>(() => Read(
            "Convolution c 1 1 data y 0=2 1=1 6=2 8=2", [.. Tag(0x000D4B38), 127, 64, 0, 0, .. Floats(float.NaN, 32), .. Floats(3)]));
    }

    [Fact]
    public void Reads_one_scale_per_group_of_a_depthwise_convolution()
    {
        byte[] levels = new byte[18];
        Array.Fill(levels, (byte)6, 0, 9);
        Array.Fill(levels, (byte)6, 9, 9);

        NcnnConvolution read = Read(
            "ConvolutionDepthWise c 1 1 data y 0=2 1=3 4=1 5=0 6=18 7=2 8=101", [.. Tag(0x000D4B38), .. levels, 0, 0, .. Floats(2, 3), .. Floats(9), .. Floats(9)]);

        Assert.Equal([2, 1, 3, 3], read.Weight.Shape);
        Assert.Equal([3f, 2f], new[] { read.Weight.Span<float>()[8], read.Weight.Span<float>()[9] });
        Assert.Null(read.Bias);
        Assert.Equal(2, read.Groups);
    }

    [Fact]
    public void Passes_over_constants_between_convolutions()
    {
        NcnnModel model = ReadModel(
            ["Input data 0 1 data", "MemoryData m 0 1 m 0=2", "Convolution c 1 1 data y 0=1 1=1 6=1"],
            [.. Floats(8, 9), .. Tag(0), .. Floats(4)]);

        Assert.Equal([4f], Assert.Single(model.Convolutions).Weight.Span<float>().ToArray());
    }

    [Theory]
    [InlineData("Convolution c 1 1 data y 0=2 1=1 6=2000000000", "ends within")]
    [InlineData("Convolution c 1 1 data y 0=0 1=1 6=1", "inconsistent")]
    [InlineData("Convolution c 1 1 data y 0=2 1=1 6=3", "inconsistent")]
    [InlineData("Convolution c 1 1 data y 0=-2 1=1 6=2", "inconsistent")]
    [InlineData("Convolution c 1 1 data y 0=1 1=3 6=9", "padded by half")]
    [InlineData("Convolution c 1 1 data y 0=1 1=1 2=2 6=1", "without dilation")]
    [InlineData("InnerProduct c 1 1 data y 0=1 2=1", "not supported")]
    [InlineData("Convolution c 1 1 nothing y 0=1 1=1 6=1", "no earlier layer writes")]
    [InlineData("Convolution c 1 1 data data 0=1 1=1 6=1", "two of its layers write")]
    [InlineData("Convolution c 99999 1 data y", "not a layer")]
    [InlineData("MemoryData m 0 1 m 0=2000000000 1=2000000000", "inconsistent")]
    public void Rejects_inconsistent_layers(string layer, string reason)
    {
        ModelException error = Assert.Throws<ModelException>(() => ReadModel(["Input data 0 1 data", layer], [.. Tag(0), .. Floats(1)]));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_bytes_that_belong_to_no_layer()
    {
        ModelException error = Assert.Throws<ModelException>(() => Read("Convolution c 1 1 data y 0=1 1=1 6=1", [.. Tag(0), .. Floats(1, 2)]));

        Assert.Contains("4 of its bytes belong to no layer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_unknown_storage_and_8_bit_weights_without_scales()
    {
        Assert.Contains("0x12345678", Assert.Throws<ModelException>(() => Read("Convolution c 1 1 data y 0=1 1=1 6=1", [.. Tag(0x12345678), .. Floats(1)])).Message, StringComparison.Ordinal);
        Assert.Contains("no scales", Assert.Throws<ModelException>(() => Read("Convolution c 1 1 data y 0=1 1=1 6=1", [.. Tag(0x000D4B38), .. Floats(1)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Requires_both_files()
    {
        string text = Path.Combine(_folder.Path, "alone.param");
        File.WriteAllText(text, "7767517\n1 1\nInput data 0 1 data\n");

        Assert.Contains(".bin", Assert.Throws<FileException>(() => NcnnModel.Read(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not ncnn")]
    [InlineData("7767517\n")]
    [InlineData("7767517\n1000000000 1\n")]
    [InlineData("7767517\n3 1\nInput data 0 1 data\n")]
    [InlineData("7767517\n1 1\nInput data 0 1 data\nInput more 0 1 more\n")]
    public void Rejects_text_that_is_not_a_graph(string text)
    {
        string path = Path.Combine(_folder.Path, "bad.param");
        File.WriteAllText(path, text);
        File.WriteAllBytes(Path.ChangeExtension(path, ".bin"), []);

        Assert.Throws<ModelException>(() => NcnnModel.Read(path));
    }

    private static byte[] Tag(uint tag) => BitConverter.GetBytes(tag);

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private NcnnConvolution Read(string layer, byte[] binary) => Assert.Single(ReadModel(["Input data 0 1 data", layer], binary).Convolutions);

    private NcnnModel ReadModel(string[] layers, byte[] binary)
    {
        string path = Path.Combine(_folder.Path, "model.param");
        File.WriteAllText(path, $"7767517\n{layers.Length} {layers.Length}\n{string.Join('\n', layers)}\n");
        File.WriteAllBytes(Path.ChangeExtension(path, ".bin"), binary);
        return NcnnModel.Read(path);
    }
}
