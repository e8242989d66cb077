using System.Globalization;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp.Modules;

namespace FocalSharp.Torch.Tests.Checkpoints;

/// <summary>
/// Writes a NanoDet-Plus as ncnn files of the kind that its authors publish: batch norm folded, BGR, one last convolution per level, and the
/// layers in an order of their own, drawn at random from those that the connections allow.
/// </summary>
internal static class NcnnFiles
{
    private const string Classes = "bbox_head.gfl_cls.";
    private const string Sides = "bbox_head.gfl_reg.";

    public static string Write(GflDetector detector, string folder, string name, int seed)
    {
        OnnxGraph graph = new(detector);
        graph.Emit<OnnxValue, OnnxHeadOutput>(detector, new OnnxValue("data"));
        Dictionary<string, ConvLayer> layers = detector.named_modules().Where(pair => pair.module is ConvLayer).ToDictionary(pair => pair.name, pair => (ConvLayer)pair.module);
        Dictionary<ConvLayer, BatchNorm2d> norms = detector.modules().OfType<INormedConvs>().SelectMany(part => part.NormedConvs)
            .DistinctBy(pair => pair.Conv).ToDictionary(pair => pair.Conv, pair => pair.Norm);

        // Constants have no writer; the second convolution of a level is written with the first.
        List<NodeProto> rest = [.. graph.ToProto().Node.Where(node => node.OpType != "Constant" && !(node.OpType == "Conv" && node.Input[1].StartsWith(Sides, StringComparison.Ordinal)))];
        HashSet<string> pending = [.. rest.SelectMany(node => node.Output)];
        Random random = new(seed);
        List<string> lines = ["Input data 0 1 data"];
        using MemoryStream binary = new();
        while (rest.Count > 0)
        {
            NodeProto[] ready = [.. rest.Where(node => !node.Input.Any(pending.Contains))];
            NodeProto next = ready[random.Next(ready.Length)];
            rest.Remove(next);
            pending.ExceptWith(next.Output);
            string[] inputs = [.. next.Input.Where(input => input == "data" || input.Contains(':', StringComparison.Ordinal)).Select(Blob)];
            if (next.OpType != "Conv")
            {
                string type = next.OpType switch { "LeakyRelu" => "ReLU", "MaxPool" => "Pooling", "Resize" => "Interp", "Add" => "BinaryOp", "Gather" => "Slice", "Concat" => "Concat", _ => "Noop" };
                lines.Add($"{type} l{lines.Count} {inputs.Length} {next.Output.Count} {string.Join(' ', inputs)} {string.Join(' ', next.Output.Select(Blob))}");
                continue;
            }

            string path = next.Input[1][..^".weight".Length];
            ConvLayer layer = layers[path];
            FoldedConv folded = FoldedConv.Create(layer, norms.GetValueOrDefault(layer));
            (float[] weight, float[] bias) = (folded.Weight, folded.Bias!);
            if (path.StartsWith(Classes, StringComparison.Ordinal))
            {
                FoldedConv sides = FoldedConv.Create(layers[Sides + path[Classes.Length..]], null);
                (weight, bias) = ([.. weight, .. sides.Weight], [.. bias, .. sides.Bias!]);
            }
            else if (folded.Shape[1] == 3)
            {
                weight = [.. weight.Chunk(9).Chunk(3).SelectMany(rgb => rgb.Reverse()).SelectMany(plane => plane)];
            }

            long kernel = folded.Shape[2];
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{(layer.Depthwise ? "ConvolutionDepthWise" : "Convolution")} l{lines.Count} 1 1 {inputs[0]} {Blob(next.Output[0])} 0={bias.Length} 1={kernel} 3={layer.Stride} 4={kernel / 2} 5=1 6={weight.Length}");
            lines.Add(layer.Depthwise ? string.Create(CultureInfo.InvariantCulture, $"{line} 7={bias.Length}") : line);
            binary.Write(new byte[4]);
            foreach (float value in weight.Concat(bias))
            {
                binary.Write(BitConverter.GetBytes(value));
            }
        }

        string file = Path.Combine(folder, name + ".param");
        File.WriteAllText(file, $"7767517\n{lines.Count} {lines.Count}\n{string.Join('\n', lines)}\n");
        File.WriteAllBytes(Path.ChangeExtension(file, ".bin"), binary.ToArray());
        return file;
    }

    private static string Blob(string name) => name.Replace(' ', '_');
}
