namespace FocalSharp.Cli.Sharding;

/// <summary>One image of a <see cref="DetectionPart"/>.</summary>
internal sealed record DetectedImage
{
    /// <summary>Gets the width in pixels; 0 if unknown.</summary>
    public int Width { get; init; }

    /// <summary>Gets the height in pixels; 0 if unknown.</summary>
    public int Height { get; init; }

    /// <summary>Gets why the image could not be read; null if it was.</summary>
    public string? Error { get; init; }

    /// <summary>Gets the features of the image; empty if they are not needed.</summary>
    public IReadOnlyList<float> Features { get; init; } = [];

    /// <summary>Gets one row of numbers per detection.</summary>
    public IReadOnlyList<float[]> Rows { get; init; } = [];
}
