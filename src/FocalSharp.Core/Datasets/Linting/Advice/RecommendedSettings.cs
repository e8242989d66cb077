using System.Text.Json.Serialization;

namespace FocalSharp.Datasets.Linting.Advice;

/// <summary>The recommended settings for a data set, with reasons.</summary>
/// <param name="InputSize">Side length of the network's input in pixels.</param>
/// <param name="RegMax">Last bin of the side distributions.</param>
/// <param name="Strides">Strides of the levels, finest first.</param>
/// <param name="BatchSize">Images per batch.</param>
/// <param name="Reasons">One sentence per setting, with the figures on which it is based.</param>
/// <param name="UnreachableSideFraction">Fraction of all box sides beyond the reach of these settings.</param>
/// <param name="SmallObjectSize">The 5 % quantile of object sizes (square root of the area) at this input size, in pixels.</param>
public sealed record RecommendedSettings(
    int InputSize,
    int RegMax,
    IReadOnlyList<int> Strides,
    int BatchSize,
    IReadOnlyList<string> Reasons,
    double UnreachableSideFraction,
    double SmallObjectSize)
{
    /// <summary>Gets the command that trains with these settings; null if unknown.</summary>
    [JsonInclude]
    internal string? Command { get; init; }
}
