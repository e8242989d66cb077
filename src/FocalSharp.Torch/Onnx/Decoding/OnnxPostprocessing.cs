using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Onnx.Graph;

namespace FocalSharp.Torch.Onnx.Decoding;

/// <summary>What stands between the head and the outputs.</summary>
/// <param name="Levels">The head's maps by location, finest level first.</param>
/// <param name="ScoresAreProbabilities">Whether the scores have passed a sigmoid already.</param>
/// <param name="Limits">Where boxes are cut, <c>[rows, 1, 4]</c>.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="RegMax">Highest bin of the sides' distributions.</param>
/// <param name="Defaults">Thresholds and limits where none are given.</param>
internal sealed record OnnxPostprocessing(
    IReadOnlyList<OnnxLevel> Levels, bool ScoresAreProbabilities, OnnxValue Limits, int Classes, int RegMax, PostprocessOptions Defaults)
{
    /// <summary>Lays the head's maps out.</summary>
    public static OnnxPostprocessing Create(OnnxGraph graph, HeadMaps maps, OnnxValue limits, DetectorOptions options)
    {
        using IDisposable scope = graph.BeginScope("levels");
        int classes = options.Classes.Count;
        int sideChannels = 4 * (options.Head.RegMax + 1);
        float offset = (float)options.Head.CenterOffset;
        return new OnnxPostprocessing(
            [.. maps.Levels.Zip(options.Head.Strides, (level, stride) => OnnxLevel.Create(graph, level, stride, offset, classes, sideChannels))],
            maps.ScoresAreProbabilities,
            limits,
            classes,
            options.Head.RegMax,
            options.Postprocess);
    }
}
