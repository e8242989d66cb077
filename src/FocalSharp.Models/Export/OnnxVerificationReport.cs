namespace FocalSharp.Models.Export;

/// <summary>How an exported file's results compare with those of the weights.</summary>
public sealed record OnnxVerificationReport
{
    /// <summary>Gets the number of images that both were run on.</summary>
    public int ImageCount { get; init; }

    /// <summary>Gets the number of detections compared; locations, if the graph has no NMS.</summary>
    public long ComparedCount { get; init; }

    /// <summary>Gets the number of detections that only one has, tolerated because they are at a decision boundary.</summary>
    public int Tolerated { get; init; }

    /// <summary>Gets the largest difference of a box edge, in pixels of the input.</summary>
    public double MaxBoxDifference { get; init; }

    /// <summary>Gets the largest difference of a score.</summary>
    public double MaxScoreDifference { get; init; }

    /// <summary>Gets descriptions of the mismatches; empty if the file agrees.</summary>
    public IReadOnlyList<string> Mismatches { get; init; } = [];
}
