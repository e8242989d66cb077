using FocalSharp.Detections;
using FocalSharp.Imaging;

namespace FocalSharp.Explorer.Models;

/// <summary>A model in memory, of whatever file.</summary>
internal interface IExplorerModel : IDisposable
{
    /// <summary>Class names by label.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>The model's own thresholds and limits.</summary>
    PostprocessOptions Defaults { get; }

    /// <summary>What a visitor should know of what this file cannot tell, or null.</summary>
    string? Limitation { get; }

    /// <summary>Everything above a score before NMS, highest score first.</summary>
    /// <param name="image">The image.</param>
    /// <param name="floor">Score above which a candidate is wanted.</param>
    /// <param name="max">Most candidates wanted.</param>
    Detection[] GetCandidates(RgbImage image, double floor, int max);
}
