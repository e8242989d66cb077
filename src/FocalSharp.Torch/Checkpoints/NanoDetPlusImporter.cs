using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.Ncnn;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// Creates a NanoDet-Plus from its ncnn files. Width, channels and classes follow from the shapes, and each convolution's place from
/// the graph, since exporters order layers differently. The graph takes BGR, FocalSharp RGB, so the input channels of the first
/// convolution are reversed; the head's last convolutions are split into classes and sides. Batch norm is folded into the file's
/// weights: the detector's norms compute the bias only (<see cref="FoldedStatistics"/>).
/// </summary>
internal static class NanoDetPlusImporter
{
    private const string ClassPrefix = "bbox_head.gfl_cls.";
    private const string BoxPrefix = "bbox_head.gfl_reg.";

    /// <summary>Returns the detector, in training mode; the caller disposes it.</summary>
    /// <param name="model">The ncnn model.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="ModelException">The graph is not a NanoDet-Plus.</exception>
    public static GflDetector Create(NcnnModel model, string path)
    {
        GflDetector detector = new(InferOptions(model, path));
        try
        {
            (ConvolutionGraph expected, Dictionary<string, ConvLayer> layers) = Describe(detector);
            int[] places = expected.Match(Describe(model)) ?? throw NotNanoDetPlus(path, "its convolutions are connected in another way");
            Dictionary<ConvLayer, BatchNorm2d> norms = detector.modules().OfType<INormedConvs>().SelectMany(part => part.NormedConvs)
                .DistinctBy(pair => pair.Conv).ToDictionary(pair => pair.Conv, pair => pair.Norm);
            for (int i = 0; i < places.Length; i++)
            {
                NcnnConvolution source = model.Convolutions[places[i]];
                FiniteWeights.Require(source.Layer.Name, source.Weight);
                string name = expected.Nodes[i].Name;
                if (name.StartsWith(ClassPrefix, StringComparison.Ordinal))
                {
                    ConvLayer classes = layers[name];
                    ConvLayer sides = layers[BoxPrefix + name[ClassPrefix.Length..]];
                    int rows = (int)classes.Weight.shape[0];
                    LoadRows(classes, source, 0, rows);
                    LoadRows(sides, source, rows, (int)sides.Weight.shape[0]);
                }
                else
                {
                    ConvLayer layer = layers[name];
                    Load(layer, norms.GetValueOrDefault(layer), source, reverseChannels: source.Weight.Shape[1] == 3 && source.Groups == 1);
                }
            }

            return detector;
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    private static DetectorOptions InferOptions(NcnnModel model, string path)
    {
        ConvolutionGraph graph = Describe(model);
        HashSet<int> sources = [.. graph.Nodes.SelectMany(node => node.Sources)];
        ConvolutionShape[] outputs = [.. graph.Nodes.Where((_, i) => !sources.Contains(i)).Select(node => node.Shape)];
        int bins = 4 * (NanoDetPlus.Head.RegMax + 1);
        if (outputs.Length != NanoDetPlus.Head.Strides.Count || outputs.Distinct().Count() != 1 || outputs[0].Out <= bins || outputs[0].InPerGroup is < 2 or > 4096)
        {
            throw NotNanoDetPlus(path, $"it does not end in four equal convolutions to classes and {bins} bins");
        }

        // The widest pointwise convolutions from the backbone's last stage into the neck have as many inputs as the stage has channels.
        double[] widths = [.. graph.Nodes.Where(node => node.Shape is { Kernel: 1, Groups: 1 } && node.Shape.Out == outputs[0].InPerGroup)
            .Select(node => ShuffleNetV2Options.FindWidth(node.Shape.InPerGroup)).OfType<double>().Distinct()];
        double width = widths.Length == 0 ? throw NotNanoDetPlus(path, "its backbone is not a ShuffleNetV2") : widths.Max();
        int count = (int)outputs[0].Out - bins;
        return NanoDetPlus.Create(width, (int)outputs[0].InPerGroup, CheckpointInspector.NameClasses(count));
    }

    private static ConvolutionGraph Describe(NcnnModel model)
    {
        ConvolutionGraph graph = new();
        Dictionary<NcnnLayer, NcnnConvolution> convolutions = new(ReferenceEqualityComparer.Instance);
        foreach (NcnnConvolution convolution in model.Convolutions)
        {
            convolutions.Add(convolution.Layer, convolution);
        }

        foreach (NcnnLayer layer in model.Layers)
        {
            if (convolutions.TryGetValue(layer, out NcnnConvolution? found) && layer is { Inputs: [string input], Outputs: [string output] })
            {
                IReadOnlyList<long> shape = found.Weight.Shape;
                graph.AddConvolution(layer.Name, new ConvolutionShape(shape[0], shape[1], shape[2], found.Stride, found.Groups), input, output);
            }
            else
            {
                graph.AddOperator(layer.Inputs, layer.Outputs);
            }
        }

        return graph;
    }

    /// <summary>Describes the detector by what it exports; a level's two last convolutions count as one.</summary>
    private static (ConvolutionGraph Graph, Dictionary<string, ConvLayer> Layers) Describe(GflDetector detector)
    {
        Dictionary<string, ConvLayer> layers = detector.named_modules().Where(pair => pair.module is ConvLayer)
            .ToDictionary(pair => pair.name, pair => (ConvLayer)pair.module, StringComparer.Ordinal);
        OnnxGraph network = new(detector);
        network.Emit<OnnxValue, OnnxHeadOutput>(detector, new OnnxValue("data"));
        ConvolutionGraph graph = new();
        foreach (NodeProto node in network.ToProto().Node)
        {
            string name = node.OpType == "Conv" ? node.Input[1][..^".weight".Length] : "";
            if (name.Length == 0)
            {
                graph.AddOperator(node.Input, node.Output);
            }
            else if (!name.StartsWith(BoxPrefix, StringComparison.Ordinal))
            {
                ConvLayer layer = layers[name];
                long[] shape = layer.Weight.shape;
                long outputs = name.StartsWith(ClassPrefix, StringComparison.Ordinal)
                    ? shape[0] + layers[BoxPrefix + name[ClassPrefix.Length..]].Weight.shape[0]
                    : shape[0];
                graph.AddConvolution(name, new ConvolutionShape(outputs, shape[1], shape[2], layer.Stride, layer.Depthwise ? shape[0] : 1), node.Input[0], node.Output[0]);
            }
        }

        return (graph, layers);
    }

    private static void Load(ConvLayer layer, BatchNorm2d? norm, NcnnConvolution source, bool reverseChannels)
    {
        using IDisposable guard = no_grad();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor weight = TensorConversion.ToTensor(source.Weight);
        layer.Weight.copy_(reverseChannels ? weight.flip(1) : weight);
        float[] bias = source.Bias ?? new float[source.Weight.Shape[0]];
        FiniteWeights.Require(source.Layer.Name, StateTensor.From(bias, bias.Length));
        if (norm is null)
        {
            layer.Bias!.copy_(tensor(bias));
        }
        else
        {
            FoldedStatistics.Set(norm, bias);
        }
    }

    private static void LoadRows(ConvLayer layer, NcnnConvolution source, int start, int count)
    {
        int each = (int)(source.Weight.Count / source.Weight.Shape[0]);
        NcnnConvolution rows = source with
        {
            Weight = StateTensor.From(source.Weight.Span<float>().Slice(start * each, count * each), count, source.Weight.Shape[1], 1, 1),
            Bias = (source.Bias ?? new float[source.Weight.Shape[0]])[start..(start + count)],
        };
        Load(layer, norm: null, rows, reverseChannels: false);
    }

    private static ModelException NotNanoDetPlus(string path, string why) => new(
        $"{path}: the ncnn graph is not a NanoDet-Plus with a ShuffleNetV2: {why}. Use nanodet-plus-m or nanodet-plus-m-1.5x, as exported by its authors.")
    { Path = path };
}
