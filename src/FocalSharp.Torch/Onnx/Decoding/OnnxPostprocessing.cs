using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Onnx.Graph;

namespace FocalSharp.Torch.Onnx.Decoding;

/// <summary>The input of the postprocessing nodes.</summary>
/// <param name="Levels">The head's maps laid out by location, finest level first.</param>
/// <param name="ScoresAreProbabilities">Whether a sigmoid has been applied to the scores.</param>
/// <param name="Limits">Limits that boxes are clipped to, <c>[rows, 1, 4]</c>.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="RegMax">Highest bin of the sides' distributions.</param>
/// <param name="Defaults">Default thresholds and limits.</param>
internal sealed record OnnxPostprocessing(
    IReadOnlyList<OnnxLevel> Levels, bool ScoresAreProbabilities, OnnxValue Limits, int Classes, int RegMax, PostprocessOptions Defaults)
{
    /// <summary>Lays the head's maps out by location.</summary>
    public static OnnxPostprocessing Create(OnnxGraph graph, OnnxHeadOutput maps, OnnxValue limits, DetectorOptions options)
    {
        using IDisposable scope = graph.BeginScope("levels");
        int classes = options.Classes.Count;
        int sideChannels = 4 * (options.Head.RegMax + 1);
        float offset = (float)options.Head.CenterOffset;
        return new OnnxPostprocessing(
            [.. options.Head.Strides.Select((stride, i) => OnnxLevel.Create(
                graph, maps.Scores[i], maps.BoxDistributionLogits[i], stride, offset, classes, sideChannels))],
            maps.ScoresAreProbabilities,
            limits,
            classes,
            options.Head.RegMax,
            options.Postprocess);
    }
}
