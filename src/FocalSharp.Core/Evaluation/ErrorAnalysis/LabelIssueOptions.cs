namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>When a detection is confident enough, and disagrees with a label clearly enough, to report the label.</summary>
internal sealed record LabelIssueOptions
{
    /// <summary>
    /// Gets the precision of a class that defines its confident detections: those above the lowest score at which at least this fraction of the
    /// class's detections is correct. A fraction rather than a score, because scores differ between detectors.
    /// </summary>
    public double Precision { get; init; } = 0.75;

    /// <summary>Gets the minimum score of a confident detection; set it to the score with the best F1.</summary>
    public double MinScore { get; init; } = double.NegativeInfinity;

    /// <summary>Gets the minimum IoU with an object for a detection to indicate its class.</summary>
    public double ClassIou { get; init; } = 0.5;

    /// <summary>Gets the maximum score of the annotated class, relative to that of the detected class.</summary>
    public double MaxRightClassScoreRatio { get; init; } = 0.5;

    /// <summary>Gets the minimum IoU of a misplaced box; up to <see cref="BoxIou"/> it is reported, below it is another object.</summary>
    public double SameObjectIou { get; init; } = 0.2;

    /// <summary>Gets the IoU from which a box is well placed.</summary>
    public double BoxIou { get; init; } = 0.6;

    /// <summary>Gets the maximum fraction of a detection that an object may cover; above it, the detection is considered a part of that object.</summary>
    public double MaxCoverage { get; init; } = 0.5;

    /// <summary>Gets the maximum number of issues of each kind per image.</summary>
    public int MaxPerImage { get; init; } = 2;

    /// <summary>Gets the maximum number of issues of each kind.</summary>
    public int MaxIssues { get; init; } = 20;
}
