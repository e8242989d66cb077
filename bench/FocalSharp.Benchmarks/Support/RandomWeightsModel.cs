using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Onnx;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Benchmarks.Support;

/// <summary>Writes a recipe's network with random weights; its speed does not depend on them.</summary>
internal static class RandomWeightsModel
{
    /// <summary>Input size of the measurements, in pixels.</summary>
    public const int Side = 640;

    public static void Write(string recipe, string variant, string path)
    {
        string[] classes = [.. Enumerable.Range(0, 80).Select(i => $"class {i}")];
        using GflDetector detector = new(RecipeBook.Load(recipe).Model with { Classes = classes }, seed: 1);
        ResizeRule rule = new() { LongSide = Side, ShortSide = Side };
        File.WriteAllBytes(path, OnnxExporter.Export(detector, new OnnxExportOptions
        {
            Model = recipe,
            Variant = Enum.Parse<ModelVariant>(variant, ignoreCase: true),
            Resize = ResizeRuleSerializer.ToMetadata(rule),
        }).ToBytes());
    }
}
