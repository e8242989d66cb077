using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Models;

namespace FocalSharp.Explorer.Models;

/// <summary>An exported file that runs on ONNX Runtime.</summary>
internal sealed class OnnxModel(string path) : IExplorerModel
{
    private readonly Detector _detector = Detector.Load(path, new RuntimeOptions { Spinning = false });

    public IReadOnlyList<string> Classes => _detector.Classes;

    public PostprocessOptions Defaults => _detector.Model.Postprocess;

    public string? Shortcoming => _detector.Model.Variant == ModelVariant.Raw
        ? null
        : "This ONNX file tells each edge's σ, but its distributions stay inside the graph. Export with --raw, or choose the weights, to see them.";

    // As with weights: a threshold that no IoU exceeds lets everything pass NMS.
    public Detection[] Candidates(RgbImage image, double floor, int most) => [.. _detector.Detect(image, new DetectOptions
    {
        ScoreThreshold = floor,
        IouThreshold = 1,
        MaxDetections = most,
        KeepDistributions = true,
    })];

    public void Dispose() => _detector.Dispose();
}
