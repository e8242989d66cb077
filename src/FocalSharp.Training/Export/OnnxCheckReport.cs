namespace FocalSharp.Training.Export;

/// <summary>How an exported file compares with its detector.</summary>
public sealed record OnnxCheckReport
{
    /// <summary>Pictures that both were given.</summary>
    public int Pictures { get; init; }

    /// <summary>Detections (or, without selection, locations) that were compared.</summary>
    public long Compared { get; init; }

    /// <summary>Detections that only one has, since a decision hung by a thread.</summary>
    public int Excused { get; init; }

    /// <summary>Largest difference of a box's edge, in pixels of the input.</summary>
    public double Box { get; init; }

    /// <summary>Largest difference of a score.</summary>
    public double Score { get; init; }

    /// <summary>What is wrong, in words; empty where the file agrees.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}
