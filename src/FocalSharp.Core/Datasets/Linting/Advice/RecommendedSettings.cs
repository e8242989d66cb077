namespace FocalSharp.Datasets.Linting.Advice;

/// <summary>The settings that suit a data set, and why.</summary>
/// <param name="InputSize">Side of the network's input in pixels.</param>
/// <param name="RegMax">Highest bin of the side distributions.</param>
/// <param name="Strides">Strides of the levels, finest first.</param>
/// <param name="BatchSize">Images of a batch.</param>
/// <param name="Reasons">A sentence for each of the four, with the figures that decided.</param>
/// <param name="UnreachableSideFraction">Share of all box sides that lie beyond these settings' reach.</param>
/// <param name="SmallObjectSize">Size across (root of the area) that 5 % of the objects stay below at this input size, in pixels.</param>
public sealed record RecommendedSettings(
    int InputSize,
    int RegMax,
    IReadOnlyList<int> Strides,
    int BatchSize,
    IReadOnlyList<string> Reasons,
    double UnreachableSideFraction,
    double SmallObjectSize)
{
    /// <summary>The command that trains with these settings; null where nobody named the recipe that they change.</summary>
    public string? Command { get; init; }
}
