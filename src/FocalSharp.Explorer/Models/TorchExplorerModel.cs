using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Models;

namespace FocalSharp.Explorer.Models;

/// <summary>Weights that run on Torch.</summary>
internal sealed class TorchExplorerModel(string path) : IExplorerModel
{
    private readonly LoadedModel _model = LoadedModel.Load(path);

    public IReadOnlyList<string> Classes => _model.Detector.Options.Classes;

    public PostprocessOptions Defaults => _model.Detector.Options.Postprocess;

    public string? Limitation => null;

    // An IoU is never above 1: with that threshold NMS lets everything pass, in the order of the scores.
    public Detection[] GetCandidates(RgbImage image, double floor, int max) =>
        new ImagePredictor(_model.Detector, _model.ResizeRule, Defaults with
        {
            ScoreThreshold = floor,
            NmsThreshold = 1,
            MaxDetections = max,
            IncludeDistributions = true,
        }).Predict(image)[0];

    public void Dispose() => _model.Dispose();
}
