using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Runtime;

namespace FocalSharp.Explorer.Models;

/// <summary>An exported file that runs on ONNX Runtime.</summary>
internal sealed class OnnxExplorerModel(string path) : IExplorerModel
{
    private readonly Detector _detector = Detector.Load(path, new RuntimeOptions { AllowSpinning = false });

    public IReadOnlyList<string> Classes => _detector.Classes;

    public PostprocessOptions Defaults => _detector.Model.Postprocess;

    public string? Limitation => _detector.Model.Variant == ModelVariant.Raw
        ? null
        : "This ONNX file tells each edge's σ, but its distributions stay inside the graph. Export with --raw, or choose the weights, to see them.";

    // As with weights: a threshold that no IoU exceeds lets everything pass NMS.
    public Detection[] GetCandidates(RgbImage image, double floor, int max) => [.. _detector.Detect(image, new DetectOptions
    {
        ScoreThreshold = floor,
        IouThreshold = 1,
        MaxDetections = max,
        IncludeDistributions = true,
    })];

    public void Dispose() => _detector.Dispose();
}
