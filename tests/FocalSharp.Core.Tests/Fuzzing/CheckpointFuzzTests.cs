using System.Buffers.Binary;
using System.Text;
using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.Onnx;
using FocalSharp.Checkpoints.TensorFlowJs;
using FocalSharp.Core.Tests.Checkpoints.Onnx;
using FocalSharp.Core.Tests.Checkpoints.Pickling;
using FocalSharp.Core.Tests.Datasets;
using FocalSharp.TestSupport.Fuzzing;
using static FocalSharp.Core.Tests.Checkpoints.TorchFileBuilder;

namespace FocalSharp.Core.Tests.Fuzzing;

/// <summary>The readers of weights.</summary>
public sealed class CheckpointFuzzTests
{
    private const string Model = """
        {"format": "graph-model", "modelTopology": {"node": [{"name": "x", "op": "Placeholder"}, {"name": "y", "op": "Add", "input": ["x", "half:0"]}]},
         "weightsManifest": [{"paths": ["a.bin"], "weights": [{"name": "w", "shape": [2, 1], "dtype": "float32"},
          {"name": "q", "shape": [3], "dtype": "float32", "quantization": {"dtype": "uint8", "min": -1, "scale": 0.5}},
          {"name": "t", "shape": [1], "dtype": "string"}]}]}
        """;

    private static readonly byte[] Values = Floats(0, 1, 2, 3, 4, 5);

    private static readonly byte[] Weights = Dict(
        ("meta", Dict(("epoch", Int(3)), ("CLASSES", Tuple(Text("cat"), Text("dog"))), ("hub", Reduce(Global("a.b", "C"), Tuple())))),
        ("state_dict", Dict(
            ("w.weight", Tensor(Storage("FloatStorage", "0", 6), 0, [6], [1])), ("w.t", Tensor(Storage("FloatStorage", "0", 6), 0, [3, 2], [1, 3])))));

    [Fact]
    public void Safetensors() => Fuzz("w.safetensors", new(1 << 20, 64), SafetensorsSeeds(), "\"dtype\":", "F32", "\"data_offsets\":", "[0,", "{", "}", "\\u0000", "1e5", "-1", "\"shape\":[]");

    [Fact]
    public void Pickles_in_zip_files() => Fuzz(
        "w.pth", new(1 << 20, 100), [Zip(Weights, ("0", Values)), Zip(Weights, System.IO.Compression.CompressionLevel.Optimal, ("0", Values))], "PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "(", "}", "]", "R", "b", "c", "t", "u", "Q", "h\0", "q\0", "0");

    [Fact]
    public void Pickles_in_a_stream() => Fuzz("w.pth", new(1 << 20, 100), [Legacy(Weights, ("0", 6, Values))], "(", "}", "]", "R", "b", "t", "u", "Q", "h\0", "q\0", ".", "0");

    [Fact]
    public void Pickled_arrays() => Fuzz(
        "w.pdparams",
        new(1 << 20, 100),
        [.. new[] { 2, 4 }.Select(protocol => (byte[])[0x80, (byte)protocol, .. Dict(
            ("a.weight", ArrayCheckpointTests.Array(protocol, "f4", [2, 3], Values)),
            ("a.bias", Tuple(Text("b"), ArrayCheckpointTests.Array(protocol, "f4", [3, 2], Values, fortran: true)))), (byte)'.'])],
        "(", "}", "]", "R", "b", "t", "u", "h\0", "q\0", ".", "0", "latin1", "f4", "i8", ">");

    [Fact]
    public void Onnx()
    {
        byte[] model = OnnxBytes.Model(
            OnnxBytes.Input("image", 1, 3, 0, 32),
            OnnxBytes.Initializer(OnnxBytes.Tensor("w", [2, 3, 1, 1], 1, Values)),
            OnnxBytes.Node("Constant", [], ["bias"], OnnxBytes.Value(OnnxBytes.Tensor("", [2], 1, Floats(-1, -2)))),
            OnnxBytes.Node("Conv", ["image", "w", "bias"], ["y"], OnnxBytes.Integers("strides", 2, 2), OnnxBytes.Integer("group", 1)));
        Fuzzer.Run([model], Words("\u0008", "\u0012", "\u003a", "\n\0", "*\0", "Conv", "Constant"), bytes => OnnxFile.Parse("w.onnx", bytes), new(1 << 20, 200));
    }

    [Fact]
    public void TensorFlow_js()
    {
        using TestFolder folder = new TestFolder().Bytes("a.bin", [.. Floats(1, 2), 1, 2, 3, 1, 0, 0, 0, (byte)'x']);
        Fuzzer.Run(
            [Encoding.UTF8.GetBytes(Model)],
            Words("\"paths\":", "\"a.bin\",", "\"../a\"", "{", "}", "[", "]", "null", "1e999", "\"\\ud800\"", "\"uint16\"", "\"float16\"", "\"int32\"", "{\"paths\":[\"a.bin\"],\"weights\":[]},"),
            bytes => TensorFlowJsModel.Read(folder.Bytes("model.json", bytes)["model.json"]),
            new(2 << 20, 200));
    }

    [Fact]
    public void TensorFlow_js_shards()
    {
        using TestFolder folder = new TestFolder().Text("model.json", Model);
        Fuzzer.Run(
            [[.. Floats(1, 2), 1, 2, 3, 1, 0, 0, 0, (byte)'x']],
            [],
            bytes => TensorFlowJsModel.Read(folder.Bytes("a.bin", bytes)["model.json"]),
            new(1 << 20, 64));
    }

    private static byte[][] SafetensorsSeeds()
    {
        const string Header = """{"__metadata__":{"format":"pt","classes":"[\"cat\"]"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}""";
        byte[] json = Encoding.UTF8.GetBytes(Header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [[.. length, .. json, .. new byte[16]]];
    }

    private static byte[][] Words(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];

    private static void Fuzz(string file, MemoryLimit bound, byte[][] seeds, params string[] words)
    {
        using TestFolder folder = new();
        Fuzzer.Run(seeds, Words(words), bytes => Checkpoint.Read(folder.Bytes(file, bytes)[file]), bound);
    }
}
