using System.Buffers.Binary;
using System.Text;
using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.TensorFlowJs;
using FocalSharp.Core.Tests.Datasets;

namespace FocalSharp.Core.Tests.Checkpoints.TensorFlowJs;

public sealed class TensorFlowJsModelTests : IDisposable
{
    private const string Nodes = """[{"name":"x","op":"Placeholder"},{"name":"y","op":"Add","input":["x","half:0","^x"]}]""";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_every_kind_of_entry_across_shards()
    {
        byte[] bytes =
        [
            .. Floats(1.5f, -2), .. Halves(0.5f, -65504, 0.0999755859375f), 0, 128, 255, .. Shorts(0, 65535), .. Integers(-7, 1 << 30), 1, 0,
            .. Integers(2), (byte)'a', (byte)'b', .. Integers(0), 10, 11,
        ];
        _folder.Bytes("a.bin", bytes[..5]).Bytes("b.bin", []).Bytes("c.bin", bytes[5..]);
        TensorFlowJsModel model = Read("""
            {"paths":["a.bin","b.bin","c.bin"],"weights":[
              {"name":"single","shape":[2,1],"dtype":"float32"},
              {"name":"half","shape":[3],"dtype":"float32","quantization":{"dtype":"float16","original_dtype":"float32"}},
              {"name":"byte","shape":[3],"dtype":"float32","quantization":{"dtype":"uint8","min":-1,"scale":0.5}},
              {"name":"short","shape":[2],"dtype":"float32","quantization":{"dtype":"uint16","min":2,"scale":0.001}},
              {"name":"int","shape":[2],"dtype":"int32"},
              {"name":"flag","shape":[2],"dtype":"bool"},
              {"name":"words","shape":[2],"dtype":"string"},
              {"name":"steps","shape":[2],"dtype":"int32","quantization":{"dtype":"uint8","min":-5,"scale":0.5}}]}
            """);

        Assert.Equal(["single", "half", "byte", "short", "int", "flag", "steps"], model.Weights.Names);
        Assert.Equal([2L, 1L], model.Weights["single"].Shape);
        Assert.Equal([1.5, -2], model.Weights["single"].ToDoubles());
        Assert.Equal([0.5, -65504, 0.0999755859375], model.Weights["half"].ToDoubles());
        Assert.Equal([-1, 63, 126.5], model.Weights["byte"].ToDoubles());
        Assert.Equal([2, (float)67.535], model.Weights["short"].ToDoubles());
        Assert.Equal([-7, 1 << 30], model.Weights["int"].ToDoubles());
        Assert.Equal([1, 0], model.Weights["flag"].ToDoubles());
        Assert.Equal([0, 1], model.Weights["steps"].ToDoubles()); // 0 and 0.5: halves go up, as in JavaScript
        Assert.Equal(ElementType.I32, model.Weights["steps"].Type);
        Assert.Equal(["x", "y"], model.Nodes.Select(node => node.Name));
        Assert.Equal(["x", "half:0", "^x"], model.Nodes[1].Inputs);
    }

    [Theory]
    [InlineData("""{"paths":["../a.bin"],"weights":[]}""", "plain file name")]
    [InlineData("""{"paths":["/etc/passwd"],"weights":[]}""", "plain file name")]
    [InlineData("""{"paths":["c:\\a.bin"],"weights":[]}""", "plain file name")]
    [InlineData("""{"paths":[".."],"weights":[]}""", "plain file name")]
    [InlineData("""{"paths":[7],"weights":[]}""", "not a valid TensorFlow.js")]
    [InlineData("""{"paths":["a.bin"]}""", "lacks paths or weights")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[1],"dtype":"float32"}]}""", "requires 4 bytes of weights, but its shards have 8")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[100000000],"dtype":"float32"}]}""", "requires 400000000 bytes")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[4611686018427387904,4],"dtype":"float32"}]}""", "exceeds")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[-2],"dtype":"float32"}]}""", "exceeds")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[1.5],"dtype":"float32"}]}""", "not a valid TensorFlow.js")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[1,1,1,1,1,1,1,1,2],"dtype":"float32"}]}""", "dimensions")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[1],"dtype":"complex64"}]}""", "not supported")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[8],"dtype":"float32","quantization":{"dtype":"uint8"}}]}""", "quantized")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[8],"dtype":"float32","quantization":{"dtype":"uint8","scale":1e999,"min":0}}]}""", "quantized")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[4],"dtype":"bool","quantization":{"dtype":"float16"}}]}""", "quantized")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"w","shape":[1],"dtype":"float32"},{"name":"w","shape":[1],"dtype":"float32"}]}""", "twice")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"shape":[2],"dtype":"float32"}]}""", "lacks its name")]
    [InlineData("""{"paths":["a.bin"],"weights":[{"name":"t","shape":[1],"dtype":"string"}]}""", "end within 't'")]
    [InlineData("""{"paths":["gone.bin"],"weights":[]}""", "cannot be read")]
    public void Inconsistent_manifests_are_rejected_with_a_reason(string group, string expected)
    {
        _folder.Bytes("a.bin", Integers(1_000_000, 5));
        FocalSharpException error = Assert.ThrowsAny<FocalSharpException>(() => Read(group));
        Assert.Contains("model.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"format":"layers-model","modelTopology":{},"weightsManifest":[]}""")]
    [InlineData("""{"modelTopology":{"node":[{"op":"Add"}]},"weightsManifest":[]}""")]
    [InlineData("""{"modelTopology":{"node":[7]},"weightsManifest":[]}""")]
    [InlineData("""{"modelTopology":{"node":[]},"weightsManifest":[7]}""")]
    public void Other_json_is_rejected_with_a_reason(string json)
    {
        _folder.Text("model.json", json);
        Assert.Contains(
            "not a valid TensorFlow.js graph model",
            Assert.ThrowsAny<FocalSharpException>(() => TensorFlowJsModel.Read(_folder["model.json"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Any_truncated_json_is_rejected()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Json("""{"paths":[],"weights":[]}"""));
        for (int length = 0; length < whole.Length; length++)
        {
            _folder.Bytes("model.json", whole[..length]);
            Assert.Throws<ModelException>(() => TensorFlowJsModel.Read(_folder["model.json"]));
        }
    }

    private static string Json(string group) => $$"""{"format":"graph-model","modelTopology":{"node":{{Nodes}}},"weightsManifest":[{{group}}]}""";

    private TensorFlowJsModel Read(string group)
    {
        _folder.Text("model.json", Json(group));
        return TensorFlowJsModel.Read(_folder["model.json"]);
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(value => Write(4, bytes => BinaryPrimitives.WriteSingleLittleEndian(bytes, value)))];

    private static byte[] Halves(params float[] values) => [.. values.SelectMany(value => Write(2, bytes => BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value)))];

    private static byte[] Shorts(params ushort[] values) => [.. values.SelectMany(value => Write(2, bytes => BinaryPrimitives.WriteUInt16LittleEndian(bytes, value)))];

    private static byte[] Integers(params int[] values) => [.. values.SelectMany(value => Write(4, bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes, value)))];

    private static byte[] Write(int length, Action<byte[]> write)
    {
        byte[] bytes = new byte[length];
        write(bytes);
        return bytes;
    }
}
