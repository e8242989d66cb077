using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Graph;
using FocalSharp.Torch.Onnx.Quantization;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Tests.Onnx;

public sealed class OnnxQuantizerTests
{
    [Fact]
    public void Weights_are_steps_of_each_channels_largest()
    {
        // Channel 0: 1.27 over 127 is 0.01 a step; channel 1: 0.2 a step.
        QuantizedWeights weights = QuantizedWeights.Quantize([1.27f, -0.635f, 0.004f, -25.4f, 12.69f, 0], [0.5f, -1], channels: 2, inputScale: 0.1f);
        Assert.Equal([127, -64, 0, -127, 63, 0], weights.Values.Select(value => (int)value));
        Assert.Equal(0.01, weights.Scales[0], 1e-6);
        Assert.Equal(0.2, weights.Scales[1], 1e-6);
        Assert.Equal([500, -50], weights.Bias!);
    }

    [Fact]
    public void A_channel_without_weights_keeps_its_bias()
    {
        QuantizedWeights weights = QuantizedWeights.Quantize([0, 0], [3], channels: 1, inputScale: 0.5f);
        Assert.Equal(3, weights.Bias![0] * (double)weights.Scales[0] * 0.5, 1e-6);
    }

    [Theory]
    [MemberData(nameof(OnnxModels.Names), MemberType = typeof(OnnxModels))]
    public void Eight_bits_stay_near_the_float_scores_in_a_quarter_of_the_room(string name)
    {
        Assert.SkipWhen(name.StartsWith("picodet", StringComparison.Ordinal), "PicoDet loses its accuracy in 8 bits, see docs/picodet.md");
        using GflDetector detector = OnnxModels.Create(name);
        OnnxModel whole = OnnxExporter.Export(detector, new() { Variant = ModelVariant.Candidates });
        (int batch, int height, int width) = (1, 96, 128);
        byte[] pictures = OnnxModels.CreateImages(seed: 8, batch, height, width);
        OnnxModel quantized = Quantize(whole, pictures, height, width);
        Assert.InRange(quantized.ToBytes().Length / (double)whole.ToBytes().Length, 0.2, name.StartsWith("deformable", StringComparison.Ordinal) ? 0.75 : 0.6);

        using OnnxRun expected = new(whole);
        using OnnxRun actual = new(quantized);
        float[] scores = (float[])expected.Run(pictures, batch, height, width)["scores"].Values;
        float[] eight = (float[])actual.Run(pictures, batch, height, width)["scores"].Values;
        double difference = scores.Zip(eight, (a, b) => Math.Abs(a - b)).Average();
        Assert.InRange(difference, 1e-7, 0.03);

        // A batch of another size runs too.
        Assert.Equal(2, actual.Run(OnnxModels.CreateImages(9, 2, 61, 75), 2, 61, 75)["scores"].Shape[0]);
    }

    [Fact]
    public void Deformable_convolutions_and_their_offsets_stay_in_float()
    {
        using GflDetector detector = OnnxModels.Create("deformable");
        OnnxModel whole = OnnxExporter.Export(detector);
        OnnxModel quantized = OnnxQuantizer.Quantize(whole, OnnxQuantizer.GetCalibrationFeatures(whole).ToDictionary(feature => feature, _ => new ActivationRange(-4, 4)));
        Assert.Equal(19, quantized.Proto.OpsetImport.Single().Version);
        string[] weights = [.. quantized.Proto.Graph.Node.Where(node => node.OpType is "DeformConv" || node.Name.Contains("conv_offset", StringComparison.Ordinal)).Select(node => node.Input[1])];
        Assert.Equal(18, weights.Length); // stages of six and three blocks
        Dictionary<string, TensorProto> stored = quantized.Proto.Graph.Initializer.ToDictionary(tensor => tensor.Name);
        Assert.All(weights, weight => Assert.Equal(DataType.Float, stored[weight].DataType));
    }

    [Fact]
    public void The_heads_last_layers_and_the_norms_stay_in_float()
    {
        using GflDetector detector = OnnxModels.Create("gfl");
        OnnxModel whole = OnnxExporter.Export(detector);
        OnnxModel quantized = OnnxQuantizer.Quantize(whole, OnnxQuantizer.GetCalibrationFeatures(whole).ToDictionary(feature => feature, _ => new ActivationRange(-4, 4)));
        GraphProto graph = quantized.Proto.Graph;
        Dictionary<string, TensorProto> stored = graph.Initializer.ToDictionary(tensor => tensor.Name);
        Dictionary<string, NodeProto> makers = graph.Node.SelectMany(node => node.Output.Select(output => (output, node))).ToDictionary();
        foreach (NodeProto conv in graph.Node.Where(node => node.OpType == "Conv"))
        {
            bool last = conv.Name.StartsWith("bbox_head.gfl_", StringComparison.Ordinal);
            Assert.Equal(last, stored.ContainsKey(conv.Input[1]));
            Assert.True(last || stored[makers[conv.Input[1]].Input[0]].DataType == DataType.Int8, conv.Name);
            Assert.True(last || makers[conv.Input[0]].OpType == "DequantizeLinear", conv.Name);
        }

        Assert.All(graph.Node.Where(node => node.OpType == "InstanceNormalization"), node => Assert.Equal("Reshape", makers[node.Input[0]].OpType));
        Assert.Equal("int8", quantized.Metadata["focalsharp.precision"]);
        Assert.DoesNotContain("focalsharp.precision", whole.Metadata.Keys);
    }

    [Theory]
    [MemberData(nameof(OnnxModels.Names), MemberType = typeof(OnnxModels))]
    public void Convolutions_remain_in_float_on_request(string name)
    {
        using GflDetector detector = OnnxModels.Create(name);
        OnnxModel whole = OnnxExporter.Export(detector);
        Dictionary<string, ActivationRange> ranges = OnnxQuantizer.GetCalibrationFeatures(whole).ToDictionary(feature => feature, _ => new ActivationRange(-4, 4));
        IReadOnlyList<string> convolutions = OnnxQuantizer.GetConvolutions(whole);
        HashSet<string> floats = [.. convolutions.Where((_, i) => i % 2 == 0)];
        GraphProto graph = OnnxQuantizer.Quantize(whole, ranges, floats).Proto.Graph;
        HashSet<string> stored = [.. graph.Initializer.Select(tensor => tensor.Name)];

        Assert.NotEmpty(convolutions);
        Assert.All(
            graph.Node.Where(node => convolutions.Contains(node.Name)), node => Assert.Equal(floats.Contains(node.Name), stored.Contains(node.Input[1])));

        // Without any 8-bit convolution the graph is the float32 one.
        GraphProto none = OnnxQuantizer.Quantize(whole, ranges, convolutions.ToHashSet()).Proto.Graph;
        Assert.Equal(whole.Proto.Graph.Node, none.Node);
    }

    internal static OnnxModel Quantize(OnnxModel whole, byte[] pictures, int height, int width)
    {
        IReadOnlyList<string> features = OnnxQuantizer.GetCalibrationFeatures(whole);
        using OnnxRun run = new(OnnxQuantizer.AddOutputs(whole, features));
        Dictionary<string, (Array Values, long[] Shape)> values = run.Run(pictures, 1, height, width, [new ResizeTransform(width, height)]);
        return OnnxQuantizer.Quantize(whole, features.ToDictionary(feature => feature, feature =>
        {
            float[] seen = (float[])values[feature].Values;
            return new ActivationRange(seen.Min(), seen.Max());
        }));
    }
}
