using FocalSharp.Checkpoints;
using static FocalSharp.Core.Tests.Checkpoints.TorchFileBuilder;

namespace FocalSharp.Core.Tests.Checkpoints;

public sealed class PickleCheckpointTests : IDisposable
{
    private static readonly byte[] Six = Storage("FloatStorage", "0", 6);
    private static readonly byte[] SixValues = Floats(0, 1, 2, 3, 4, 5);

    private readonly string _folder = Directory.CreateTempSubdirectory("pickle").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Views_of_one_storage_are_read_with_their_offsets_and_strides()
    {
        byte[] root = Dict(
            ("a.plain", Tensor(Six, 0, [2, 3], [3, 1])),
            ("a.transposed", Tensor(Six, 0, [3, 2], [1, 3])),
            ("a.offset", Tensor(Six, 4, [2], [1])),
            ("a.every_second", Tensor(Six, 1, [3], [2])),
            ("a.scalar", Tensor(Six, 5, [], [])),
            ("a.empty", Tensor(Six, 0, [0, 9], [9, 1])),
            ("a.repeated", Tensor(Six, 2, [2, 2], [0, 1])));
        foreach (byte[] file in new[] { Zip(root, ("0", SixValues)), Legacy(root, ("0", 6, SixValues)) })
        {
            StateDict weights = Read(file).Weights;

            Assert.Equal([0.0, 1, 2, 3, 4, 5], weights["a.plain"].ToDoubles());
            Assert.Equal([0.0, 3, 1, 4, 2, 5], weights["a.transposed"].ToDoubles());
            Assert.Equal([4.0, 5], weights["a.offset"].ToDoubles());
            Assert.Equal([1.0, 3, 5], weights["a.every_second"].ToDoubles());
            Assert.Equal([5.0], weights["a.scalar"].ToDoubles());
            Assert.Empty(weights["a.scalar"].Shape);
            Assert.Equal([0L, 9L], weights["a.empty"].Shape);
            Assert.Equal([2.0, 3, 2, 3], weights["a.repeated"].ToDoubles());
        }
    }

    [Fact]
    public void A_part_of_a_storage_as_in_early_releases_is_read()
    {
        byte[] window = Storage("FloatStorage", "0", 6, Tuple(Text("view"), Int(2), Int(3)));
        byte[] root = Dict(("w.w", Tensor(window, 1, [2], [1])));

        Assert.Equal([3.0, 4], Read(Legacy(root, ("0", 6, SixValues))).Weights["w.w"].ToDoubles());
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    [InlineData("ema_state_dict")]
    public void Weights_are_found_under_the_keys_of_common_frameworks(string key)
    {
        byte[] root = Dict(("epoch", Int(3)), (key, Dict(("w.weight", Tensor(Six, 0, [6], [1])))));

        Checkpoint read = Read(Zip(root, ("0", SixValues)));

        Assert.Equal(key, read.WeightsKey);
        Assert.Equal(["w.weight"], read.Weights.Names);
    }

    [Fact]
    public void The_training_weights_are_preferred_and_the_others_listed()
    {
        byte[] root = Dict(
            ("ema_state_dict", Dict(("w.weight", Tensor(Six, 0, [2], [1])))),
            ("state_dict", Dict(("w.weight", Tensor(Six, 2, [2], [1])))));
        byte[] file = Zip(root, ("0", SixValues));

        Assert.Equal([2.0, 3], Read(file).Weights["w.weight"].ToDoubles());
        Assert.Equal(["ema_state_dict"], Read(file).OtherWeightsKeys);
        Assert.Equal([0.0, 1], Read(file, "ema_state_dict").Weights["w.weight"].ToDoubles());
        Assert.Contains("'absent'", GetError(file, "absent"), StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_and_short_values_come_from_the_meta_entry()
    {
        byte[] weights = Dict(("w.weight", Tensor(Six, 0, [6], [1])));
        byte[] modern = Dict(
            ("meta",
                Dict(("epoch", Int(36)), ("cfg", Text("line\nline")),
                    ("dataset_meta", Dict(("classes", Tuple(Text("cat"), Text("dog"))))))),
            ("state_dict", weights));
        byte[] old = Dict(("meta", Dict(("CLASSES", List(Text("cat"), Text("dog"))))), ("state_dict", weights));

        Checkpoint read = Read(Zip(modern, ("0", SixValues)));

        Assert.Equal(["cat", "dog"], read.Classes);
        Assert.Equal(new Dictionary<string, string> { ["epoch"] = "36" }, read.Details);
        Assert.Equal(["cat", "dog"], Read(Zip(old, ("0", SixValues))).Classes);
    }

    [Fact]
    public void Unknown_objects_beside_the_weights_are_reported_and_not_executed()
    {
        byte[] history = [.. Reduce(Global("mmengine.logging", "HistoryBuffer"), Tuple()), .. Dict(("x", Int(1))), (byte)'b'];
        byte[] created = [.. Global("my.module", "Thing"), .. Tuple(), 0x81];
        byte[] root = Dict(
            ("state_dict", Dict(("w.weight", Tensor(Six, 0, [6], [1])))),
            ("message_hub", List(history, created, Reduce(Global("os", "system"), Tuple(Text("echo no"))))));

        Checkpoint read = Read(Zip(root, ("0", SixValues)));

        Assert.Equal(["mmengine.logging.HistoryBuffer", "my.module.Thing", "os.system"], read.Ignored);
        Assert.Equal(["w.weight"], read.Weights.Names);
    }

    [Fact]
    public void An_unknown_storage_is_rejected_only_if_a_weight_uses_it()
    {
        byte[] complex = Tensor(Storage("ComplexFloatStorage", "1", 1), 0, [1], [1]);
        byte[] good = Dict(("w.weight", Tensor(Six, 0, [6], [1])));
        byte[] bad = Dict(("w.weight", Tensor(Six, 0, [6], [1])), ("w.phase", complex));

        Assert.Equal(
            6, Read(Zip(Dict(("state_dict", good), ("optimizer", complex)), ("0", SixValues))).Weights["w.weight"].Count);
        Assert.Equal(
            6, Read(Legacy(Dict(("state_dict", good), ("optimizer", complex)), ("0", 6, SixValues), ("1", 1, new byte[8])))
                .Weights["w.weight"].Count);
        string error = GetError(Zip(Dict(("state_dict", bad)), ("0", SixValues)));
        Assert.Contains("w.phase", error, StringComparison.Ordinal);
        Assert.Contains("torch.ComplexFloatStorage", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_representation_of_a_dictionary_or_parameter_is_read()
    {
        byte[] tensor = Tensor(Six, 0, [6], [1]);
        byte[] parameter = Reduce(Global("torch._utils", "_rebuild_parameter"), Tuple(tensor, False, OrderedDict));
        byte[] typed = Reduce(Global("torch._tensor", "_rebuild_from_type_v2"), Tuple(
            Global("torch._utils", "_rebuild_tensor_v2"), Global("torch.nn.parameter", "Parameter"),
            Tuple(Six, Int(0), Ints(6), Ints(1), False, OrderedDict), Dict()));
        byte[] untyped = Reduce(Global("torch._utils", "_rebuild_tensor_v3"), Tuple(
            [.. Tuple(Text("storage"), Global("torch.storage", "UntypedStorage"), Text("1"), Text("cpu"), Int(4)), (byte)'Q'],
            Int(0), Reduce(Global("torch", "Size"), Tuple(Ints(2))), Ints(1), False, OrderedDict, Global("torch", "uint16")));
        byte[] pairs = Reduce(Global("collections", "OrderedDict"), Tuple(List(
            List(Text("a.a"), parameter), Tuple(Text("b.b"), typed), Tuple(Text("c.c"), untyped))));
        byte[] built = [.. pairs, .. Dict(("_metadata", OrderedDict)), (byte)'b'];

        StateDict weights = Read(Zip(built, ("0", SixValues), ("1", [1, 0, 255, 255]))).Weights;

        Assert.Equal(["a.a", "b.b", "c.c"], weights.Names);
        Assert.Equal(6, weights["a.a"].Count);
        Assert.Equal(6, weights["b.b"].Count);
        Assert.Equal(ElementType.U16, weights["c.c"].Type);
        Assert.Equal([1.0, 65535], weights["c.c"].ToDoubles());
    }

    [Fact]
    public void The_operations_of_newer_protocols_are_supported()
    {
        byte[] function = [.. Short("torch._utils"), 0x94, .. Short("_rebuild_tensor_v2"), 0x94, 0x93, 0x94];
        byte[] call = Reduce(function, Tuple(Six, Int(0), Ints(6), Ints(1), False, OrderedDict));
        byte[] again = [.. "h\u0003"u8, .. Tuple(Six, Int(4), Ints(2), Ints(1), False, OrderedDict), (byte)'R'];
        byte[] root = [0x95, 0, 0, 0, 0, 0, 0, 0, 0, (byte)'}', 0x94, (byte)'(', .. Short("w.a"), .. call, .. Short("w.b"),
            .. again, (byte)'u'];

        StateDict weights = Read(Zip(root, ("0", SixValues))).Weights;

        Assert.Equal([0.0, 1, 2, 3, 4, 5], weights["w.a"].ToDoubles());
        Assert.Equal([4.0, 5], weights["w.b"].ToDoubles());

        static byte[] Short(string text) => [0x8c, (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)];
    }

    [Fact]
    public void Plain_values_among_the_weights_are_listed_as_skipped()
    {
        byte[] root = Dict(
            ("w.weight", Tensor(Six, 0, [6], [1])), ("steps", Int(4)), ("head._extra_state", None),
                ("args", Global("argparse", "Namespace")));

        Assert.Equal(["steps", "head._extra_state", "args"], Read(Zip(root, ("0", SixValues))).Skipped);
    }

    [Fact]
    public void A_file_zipped_again_with_compression_is_still_read()
    {
        byte[] root = Dict(("w.weight", Tensor(Six, 0, [6], [1])));

        StateDict weights = Read(Zip(root, System.IO.Compression.CompressionLevel.SmallestSize, ("0", SixValues))).Weights;

        Assert.Equal([0.0, 1, 2, 3, 4, 5], weights["w.weight"].ToDoubles());
    }

    private Checkpoint Read(byte[] file, string? key = null)
    {
        string path = Path.Combine(_folder, "file.pth");
        File.WriteAllBytes(path, file);
        return Checkpoint.Read(path, key);
    }

    private string GetError(byte[] file, string? key = null) => Assert.Throws<ModelException>(() => Read(file, key)).Message;
}
