namespace FocalSharp.Models.Export;

/// <summary>How an exported file compares with its detector.</summary>
public sealed record OnnxVerificationReport
{
    /// <summary>Pictures that both were given.</summary>
    public int ImageCount { get; init; }

    /// <summary>Detections (or, without selection, locations) that were compared.</summary>
    public long ComparedCount { get; init; }

    /// <summary>Detections that only one has, since a decision hung by a thread.</summary>
    public int Tolerated { get; init; }

    /// <summary>Largest difference of a box's edge, in pixels of the input.</summary>
    public double MaxBoxDifference { get; init; }

    /// <summary>Largest difference of a score.</summary>
    public double MaxScoreDifference { get; init; }

    /// <summary>What is wrong, in words; empty where the file agrees.</summary>
    public IReadOnlyList<string> Mismatches { get; init; } = [];
}
