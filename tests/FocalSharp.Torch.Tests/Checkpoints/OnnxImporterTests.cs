using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Onnx.Graph;
using Google.Protobuf;
using TorchSharp;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Checkpoints;

/// <summary>Files of the form that Paddle exports: no names of modules, batch norm folded, in the first generation joined outputs.</summary>
public sealed class OnnxImporterTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("focalsharp-onnx-").FullName, "picodet.onnx");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Theory]
    [InlineData("PicoDet-S (2021)")]
    [InlineData("PicoDet-XS (2022)")]
    public void The_detector_computes_what_the_file_does(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        PicoDetVariant variant = PicoDet.Variants.Single(variant => variant.Name == name);
        using GflDetector original = new(variant.ToOptions(["a", "b", "c"]), seed: 11);
        Randomize(original);
        Write(CreateGraph(original, joined: !variant.Head.TaskAligned));

        using OnnxImport imported = OnnxImporter.Import(_path);

        Assert.Equal(name, imported.Model);
        Assert.Equal(160, imported.InputSize);
        Assert.Equal(["class0", "class1", "class2"], imported.Detector.Options.Classes);
        using IDisposable guard = no_grad();
        original.eval();
        imported.Detector.eval();
        using Generator generator = new(2);
        Tensor input = randn([1, 3, 96, 128], generator: generator);
        using HeadOutput expected = original.call(input);
        using HeadOutput actual = imported.Detector.call(input);
        foreach ((Tensor a, Tensor b) in expected.Scores.Concat(expected.BoxDistributionLogits).Zip(actual.Scores.Concat(actual.BoxDistributionLogits)))
        {
            Assert.True((a - b).abs().max().item<float>() <= 1e-4 * Math.Max(1, a.abs().max().item<float>()));
        }
    }

    [Fact]
    public void Another_networks_file_is_refused_with_the_reason()
    {
        using GflDetector other = new(NanoDetG.Options with { Classes = ["a"] });
        Write(CreateGraph(other, joined: false));
        ModelException error = Assert.Throws<ModelException>(() => OnnxImporter.Import(_path));
        Assert.StartsWith(_path, error.Message, StringComparison.Ordinal);
        Assert.Contains("not those of a PicoDet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_whose_convolutions_are_connected_differently_is_refused()
    {
        using GflDetector original = new(PicoDet.Variants[3].ToOptions(["a"]));
        GraphProto graph = CreateGraph(original, joined: false);

        // The neck's first convolution of stride 2 reads the reduced map instead of the block over it.
        NodeProto down = graph.Node.First(node => node.OpType == "Conv" && Integers(node, "strides")[0] == 2 && Integers(node, "group")[0] == 96);
        down.Input[0] = graph.Node.Where(node => node.OpType == "Concat").ElementAt(1).Input[1];
        Write(graph);
        Assert.Contains("connected in another way", Assert.Throws<ModelException>(() => OnnxImporter.Import(_path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_refused()
    {
        using GflDetector original = new(PicoDet.Variants[3].ToOptions(["a"]));
        using (no_grad())
        {
            original.parameters().First().fill_(float.NaN);
        }

        Write(CreateGraph(original, joined: false));
        Assert.Contains("NaN", Assert.Throws<ModelException>(() => OnnxImporter.Import(_path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_truncated_file_is_refused()
    {
        using GflDetector original = new(PicoDet.Variants[3].ToOptions(["a"]));
        Write(CreateGraph(original, joined: false));
        byte[] bytes = File.ReadAllBytes(_path);
        for (int i = 1; i < 20; i++)
        {
            File.WriteAllBytes(_path, bytes[..(bytes.Length * i / 20)]);
            Assert.Throws<ModelException>(() => OnnxImporter.Import(_path));
        }
    }

    private static void Randomize(GflDetector detector)
    {
        using IDisposable guard = no_grad();
        using Generator generator = new(17);
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in detector.named_parameters())
        {
            if (name.EndsWith(".bias", StringComparison.Ordinal))
            {
                parameter.normal_(0, 0.3, generator);
            }
        }
    }

    /// <summary>Returns what the detector exports without names; the outputs of a level are joined in one convolution if requested.</summary>
    private static GraphProto CreateGraph(GflDetector detector, bool joined)
    {
        OnnxGraph network = new(detector);
        network.Input("image", DataType.Float, 1, 3, 160, 160);
        network.Emit<OnnxValue, OnnxHeadOutput>(detector, new OnnxValue("image"));
        GraphProto graph = network.ToProto();
        foreach (NodeProto node in joined ? graph.Node.Where(node => node.Name.Contains("gfl_cls", StringComparison.Ordinal)).ToArray() : [])
        {
            NodeProto sides = graph.Node.Single(other => other.Name == node.Name.Replace("gfl_cls", "gfl_reg", StringComparison.Ordinal));
            for (int i = 1; i < 3; i++)
            {
                TensorProto first = graph.Initializer.Single(tensor => tensor.Name == node.Input[i]);
                TensorProto second = graph.Initializer.Single(tensor => tensor.Name == sides.Input[i]);
                first.RawData = ByteString.CopyFrom([.. first.RawData, .. second.RawData]);
                first.Dims[0] += second.Dims[0];
            }

            graph.Node[graph.Node.IndexOf(sides)] = new NodeProto { OpType = "Split", Input = { node.Output[0] }, Output = { $"{node.Output[0]}.0", sides.Output[0] } };
        }

        Dictionary<string, string> numbers = graph.Initializer.Select((tensor, i) => (tensor.Name, $"{2936 + (2 * i)}")).ToDictionary(pair => pair.Name, pair => pair.Item2);
        foreach (TensorProto tensor in graph.Initializer)
        {
            tensor.Name = numbers[tensor.Name];
        }

        foreach (NodeProto node in graph.Node)
        {
            node.Name = "";
            for (int i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = numbers.GetValueOrDefault(node.Input[i], node.Input[i]);
            }
        }

        return graph;
    }

    private static IReadOnlyList<long> Integers(NodeProto node, string name)
    {
        AttributeProto attribute = node.Attribute.Single(attribute => attribute.Name == name);
        return attribute.Ints.Count > 0 ? attribute.Ints : [attribute.I];
    }

    private void Write(GraphProto graph)
    {
        using FileStream stream = File.Create(_path);
        new ModelProto { IrVersion = 8, Graph = graph }.WriteTo(stream);
    }
}
