using FocalSharp.Checkpoints.Onnx;
using static FocalSharp.Core.Tests.Checkpoints.Onnx.OnnxBytes;
using static FocalSharp.Core.Tests.Checkpoints.TorchFileBuilder;

namespace FocalSharp.Core.Tests.Checkpoints.Onnx;

public sealed class OnnxFileTests
{
    private const string Name = "model.onnx";

    private static readonly byte[] Small = Model(
        Input("image", 1, 3, 0, 32),
        Input("w", 2, 3, 1, 1),
        Initializer(OnnxBytes.Tensor("w", [2, 3, 1, 1], 1, Floats(1, 2, 3, 4, 5, 6))),
        Initializer(OnnxBytes.Tensor("h", [2], 10, [0, 0x3c, 0, 0xc0])),
        Initializer(OnnxBytes.Tensor("p", [1], 1, Floats(7), packed: true)),
        Initializer(OnnxBytes.Tensor("shape", [2], 7, new byte[16])),
        Node("Constant", [], ["bias"], Value(OnnxBytes.Tensor("", [2], 1, Floats(-1, -2)))),
        Node("Conv", ["image", "w", "bias"], ["y"], Integers("strides", 2, 2), Integer("group", 1)),
        Node("Add", ["y", ""], ["z"]));

    [Fact]
    public void Nodes_tensors_and_inputs_are_those_of_the_file()
    {
        OnnxFile file = OnnxFile.Parse(Name, Small);

        Assert.Equal(["Constant", "Conv", "Add"], file.Nodes.Select(node => node.Operator));
        Assert.Equal(["image", "w", "bias"], file.Nodes[1].Inputs);
        Assert.Equal(["y", ""], file.Nodes[2].Inputs);
        Assert.Equal([2L, 2L], file.Nodes[1].Integers["strides"]);
        Assert.Equal(1, file.Nodes[1].GetInteger("group", 0));
        Assert.Equal(5, file.Nodes[2].GetInteger("group", 5));
        Assert.Equal(["bias", "h", "p", "w"], file.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([2L, 3L, 1L, 1L], file.Tensors["w"].Shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.Tensors["w"].Span<float>().ToArray());
        Assert.Equal([1.0, -2.0], file.Tensors["h"].ToDoubles());
        Assert.Equal([7f], file.Tensors["p"].Span<float>().ToArray());
        Assert.Equal([-1f, -2], file.Tensors["bias"].Span<float>().ToArray());
        (string Name, IReadOnlyList<long> Shape) input = Assert.Single(file.Inputs);
        Assert.Equal("image", input.Name);
        Assert.Equal([1L, 3, 0, 32], input.Shape);
    }

    [Fact]
    public void Any_truncated_file_is_refused_or_read()
    {
        for (int length = 0; length < Small.Length; length++)
        {
            // A cut at the border of a field leaves a shorter file that is well-formed, as long as the graph is complete.
            ModelException error = Assert.Throws<ModelException>(() => OnnxFile.Parse(Name, Small.AsMemory(0, length)));
            Assert.StartsWith($"{Name}: not a readable ONNX file", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_tensor_whose_bytes_do_not_fit_its_shape_is_refused()
    {
        foreach (long[] shape in new long[][] { [3], [2, 2], [-1], [1L << 61, 8], [long.MaxValue], [0] })
        {
            byte[] file = Model(Initializer(OnnxBytes.Tensor("w", shape, 1, Floats(1, 2))));
            Assert.Contains("has 8 bytes", Assert.Throws<ModelException>(() => OnnxFile.Parse(Name, file)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_tensor_in_another_file_is_refused_and_not_opened()
    {
        byte[] external = Join(Number(1, 1), Number(2, 1), Text(8, "w"), Message(13, Join(Text(1, "location"), Text(2, "/etc/passwd"))), Number(14, 1));
        ModelException error = Assert.Throws<ModelException>(() => OnnxFile.Parse(Name, Model(Initializer(external))));
        Assert.Contains("'w' is in another file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_are_bounded()
    {
        byte[] nodes = Model([.. Enumerable.Repeat(Message(1, []), 60_000)]);
        Assert.Contains("more than 50000 nodes", Assert.Throws<ModelException>(() => OnnxFile.Parse(Name, nodes)).Message, StringComparison.Ordinal);
        byte[] ranks = Model(Initializer(OnnxBytes.Tensor("w", [.. Enumerable.Repeat(1L, 20)], 1, Floats(1))));
        Assert.Contains("more than 16 numbers", Assert.Throws<ModelException>(() => OnnxFile.Parse(Name, ranks)).Message, StringComparison.Ordinal);
        byte[] claim = [.. Number(1, 8), 7 << 3 | 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 1];
        Assert.Contains("claims 4294967295 bytes", Assert.Throws<ModelException>(() => OnnxFile.Parse(Name, claim)).Message, StringComparison.Ordinal);
        Assert.Contains("no graph", Assert.Throws<ModelException>(() => OnnxFile.Parse(Name, Number(1, 8))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_reported()
    {
        string path = Path.Combine(Path.GetTempPath(), $"missing-{Guid.NewGuid():N}.onnx");
        Assert.StartsWith(path, Assert.Throws<FileException>(() => OnnxFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.True(OnnxFile.IsOnnx("A.ONNX"));
        Assert.False(OnnxFile.IsOnnx("a.pth"));
    }
}
