using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.Onnx;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// Creates a detector from a published ONNX export, whose weights have no names: PicoDet of both generations, from Paddle. The
/// variant follows from the shapes of its convolutions, each weight's place from the graph.
/// </summary>
internal static class OnnxImporter
{
    private const int Bins = 4 * 8;

    /// <summary>Reads a file and creates the detector, in training mode; the caller disposes it.</summary>
    /// <exception cref="FileException">The file cannot be read.</exception>
    /// <exception cref="ModelException">The file is damaged or contains another network.</exception>
    public static OnnxImport Import(string path)
    {
        OnnxFile file = OnnxFile.Read(path);
        ConvolutionWeights weights = ReadConvolutions(file, path);
        (PicoDetVariant variant, int classes) = FindVariant(weights.Graph)
            ?? throw NotSupported(path, $"its {weights.Graph.Nodes.Count} convolutions are not those of a PicoDet");
        GflDetector detector = new(variant.WithNorm(NormKind.Batch).ToOptions(CheckpointInspector.NameClasses(classes)));
        try
        {
            return weights.LoadInto(detector, joinedOutputs: !variant.Head.TaskAligned, reverseChannels: false)
                ? new OnnxImport(detector, variant.Name, FindInputSize(file))
                : throw NotSupported(path, $"its convolutions are connected in another way than those of {variant.Name}");
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    private static ConvolutionWeights ReadConvolutions(OnnxFile file, string path)
    {
        ConvolutionGraph graph = new();
        List<(StateTensor Weight, StateTensor? Bias)> values = [];
        foreach (OnnxNode node in file.Nodes)
        {
            if (node.Operator == "BatchNormalization")
            {
                throw NotSupported(path, "its batch norms are not folded into the convolutions");
            }

            if (node.Operator != "Conv")
            {
                graph.AddOperator(node.Inputs, node.Outputs);
                continue;
            }

            StateTensor? bias = null;
            if (node is not { Inputs.Count: 2 or 3, Outputs: [string output] } || !file.Tensors.TryGetValue(node.Inputs[1], out StateTensor? weight)
                || weight.Shape.Count != 4
                || (node.Inputs.Count == 3 && (!file.Tensors.TryGetValue(node.Inputs[2], out bias) || bias.Count != weight.Shape[0])))
            {
                throw NotSupported(path, $"the weights of a convolution (number {values.Count + 1}) are not stored as float numbers");
            }

            graph.AddConvolution(
                node.Inputs[1],
                new ConvolutionShape(weight.Shape[0], weight.Shape[1], weight.Shape[2], node.GetInteger("strides", 1), node.GetInteger("group", 1)),
                node.Inputs[0],
                output);
            values.Add((weight, bias));
        }

        return new ConvolutionWeights(graph, values);
    }

    private static (PicoDetVariant Variant, int Classes)? FindVariant(ConvolutionGraph graph)
    {
        HashSet<int> sources = [.. graph.Nodes.SelectMany(node => node.Sources)];
        ConvolutionShape[] outputs = [.. graph.Nodes.Where((_, i) => !sources.Contains(i)).Select(node => node.Shape)];
        int levels = PicoDet.Head.Strides.Count;
        ConvolutionShape[] wide = [.. outputs.Where(shape => shape.InPerGroup > 1)];
        bool aligned = outputs.Length == 3 * levels;
        long classes = (wide.Sum(shape => shape.Out) / levels) - Bins;
        PicoDetVariant? variant = PicoDet.Variants.FirstOrDefault(variant => variant.Head.TaskAligned == aligned
            && wide.All(shape => shape.InPerGroup == variant.Head.Channels)
            && (variant.Backbone is not LcNetOptions lcnet || graph.Nodes[0].Shape.Out == lcnet.GetStemChannels()));
        return (outputs.Length == levels || aligned) && classes is > 0 and < 10_000 && variant is not null ? (variant, (int)classes) : null;
    }

    // The file's network has a fixed size where Paddle wrote it.
    private static int? FindInputSize(OnnxFile file) =>
        file.Inputs.Select(input => input.Shape).FirstOrDefault(shape => shape is [_, 3, > 0 and <= 4096, > 0] && shape[2] == shape[3]) is { } image ? (int)image[2] : null;

    private static ModelException NotSupported(string path, string why) => new(
        $"{path}: {why}. Supported are PicoDet as PaddleDetection exports it (picodet_s_416_coco.onnx, picodet_xs_416_processed.onnx) and FocalSharp's own exports, which need no import.")
    { Path = path };
}

/// <summary>A detector created from a published ONNX export. It owns the detector: dispose it.</summary>
/// <param name="Detector">The detector, in training mode.</param>
/// <param name="Model">The name of the model.</param>
/// <param name="InputSize">Side of the square input, if the file states it.</param>
internal sealed record OnnxImport(GflDetector Detector, string Model, int? InputSize) : IDisposable
{
    public void Dispose() => Detector.Dispose();
}
