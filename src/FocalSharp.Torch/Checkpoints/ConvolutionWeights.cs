using FocalSharp.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// The convolutions of a file that describes a network as a graph without module names, with batch norm folded into the weights. They
/// are loaded into the detector's convolution at the same place of its own graph; the norms after them add the bias only
/// (<see cref="FoldedStatistics"/>).
/// </summary>
/// <param name="Graph">The file's graph.</param>
/// <param name="Values">Weight <c>[out, in / groups, kernel, kernel]</c> and bias <c>[out]</c> of each node of the graph.</param>
internal sealed record ConvolutionWeights(ConvolutionGraph Graph, IReadOnlyList<(StateTensor Weight, StateTensor? Bias)> Values)
{
    private const string ClassPrefix = "bbox_head.gfl_cls.";
    private const string BoxPrefix = "bbox_head.gfl_reg.";

    /// <summary>Loads the weights into a detector.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="joinedOutputs">
    /// Whether a level's last convolutions, to classes and to sides, are one in the file, in this order.
    /// </param>
    /// <param name="reverseChannels">Whether the file's network takes BGR.</param>
    /// <returns>False if the graphs differ; then nothing was loaded.</returns>
    /// <exception cref="ModelException">A weight is NaN or infinite.</exception>
    public bool LoadInto(GflDetector detector, bool joinedOutputs, bool reverseChannels)
    {
        Dictionary<string, ConvLayer> layers = detector.named_modules().Where(pair => pair.module is ConvLayer)
            .ToDictionary(pair => pair.name, pair => (ConvLayer)pair.module, StringComparer.Ordinal);
        ConvolutionGraph expected = Describe(detector, layers, joinedOutputs);
        if (expected.Match(Graph) is not { } places)
        {
            return false;
        }

        Dictionary<ConvLayer, BatchNorm2d> norms = detector.modules().OfType<INormedConvs>().SelectMany(part => part.NormedConvs)
            .DistinctBy(pair => pair.Conv).ToDictionary(pair => pair.Conv, pair => pair.Norm);
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < places.Length; i++)
        {
            (StateTensor source, StateTensor? shift) = Values[places[i]];
            string name = expected.Nodes[i].Name;
            FiniteWeights.Require(Graph.Nodes[places[i]].Name, source);
            Tensor weight = TensorConversion.ToTensor(source);
            Tensor bias = shift is null ? zeros(source.Shape[0]) : TensorConversion.ToTensor(shift);
            if (shift is not null)
            {
                FiniteWeights.Require(Graph.Nodes[places[i]].Name, shift);
            }

            ConvLayer layer = layers[name];
            if (joinedOutputs && name.StartsWith(ClassPrefix, StringComparison.Ordinal))
            {
                long rows = layer.Weight.size(0);
                ConvLayer sides = layers[BoxPrefix + name[ClassPrefix.Length..]];
                Copy(layer, null, weight.narrow(0, 0, rows), bias.narrow(0, 0, rows));
                Copy(sides, null, weight.narrow(0, rows, sides.Weight.size(0)), bias.narrow(0, rows, sides.Weight.size(0)));
            }
            else
            {
                bool flips = reverseChannels && source.Shape[1] == 3 && !layer.Depthwise;
                Copy(layer, norms.GetValueOrDefault(layer), flips ? weight.flip(1) : weight, bias);
            }
        }

        return true;
    }

    private static void Copy(ConvLayer layer, BatchNorm2d? norm, Tensor weight, Tensor bias)
    {
        layer.Weight.copy_(weight);
        if (norm is null)
        {
            layer.Bias!.copy_(bias);
        }
        else
        {
            FoldedStatistics.Set(norm, [.. bias.to(float32).data<float>()]);
        }
    }

    /// <summary>Describes a detector by what it exports.</summary>
    private static ConvolutionGraph Describe(GflDetector detector, Dictionary<string, ConvLayer> layers, bool joinedOutputs)
    {
        OnnxGraph network = new(detector);
        network.Emit<OnnxValue, OnnxHeadOutput>(detector, new OnnxValue("image"));
        ConvolutionGraph graph = new();
        foreach (NodeProto node in network.ToProto().Node)
        {
            string name = node.OpType == "Conv" ? node.Input[1][..^".weight".Length] : "";
            if (name.Length == 0)
            {
                graph.AddOperator(node.Input, node.Output);
            }
            else if (!joinedOutputs || !name.StartsWith(BoxPrefix, StringComparison.Ordinal))
            {
                ConvLayer layer = layers[name];
                long[] shape = layer.Weight.shape;
                bool both = joinedOutputs && name.StartsWith(ClassPrefix, StringComparison.Ordinal);
                long outputs = both ? shape[0] + layers[BoxPrefix + name[ClassPrefix.Length..]].Weight.size(0) : shape[0];
                graph.AddConvolution(
                    name, new ConvolutionShape(outputs, shape[1], shape[2], layer.Stride, layer.Depthwise ? shape[0] : 1), node.Input[0], node.Output[0]);
            }
        }

        return graph;
    }
}
