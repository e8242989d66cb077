namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>When a detection is sure enough, and contradicts a label clearly enough, to doubt the label.</summary>
public sealed record LabelIssueOptions
{
    /// <summary>
    /// A detection is sure from the lowest score of its class at which at least this share of the class's detections is right. A share
    /// instead of a score, since detectors' scores do not mean the same.
    /// </summary>
    public double Precision { get; init; } = 0.75;

    /// <summary>Detections below this score are never sure; give the score of the best F1.</summary>
    public double MinScore { get; init; } = double.NegativeInfinity;

    /// <summary>Overlap from which a detection speaks of an object's class.</summary>
    public double ClassIou { get; init; } = 0.5;

    /// <summary>Of the score of the wrong class, the part that the right class may reach at most.</summary>
    public double MaxRightClassScoreRatio { get; init; } = 0.5;

    /// <summary>Overlaps from here to <see cref="BoxIou"/> make a box suspect; with less it is another object.</summary>
    public double SameObjectIou { get; init; } = 0.2;

    /// <summary>Overlap from which a box is well placed.</summary>
    public double BoxIou { get; init; } = 0.6;

    /// <summary>Share of a detection that an object may cover at most before it is a part of that object rather than one without a label.</summary>
    public double MaxCoverage { get; init; } = 0.5;

    /// <summary>The most suspects of each kind in one image; who opens it sees the others too.</summary>
    public int MaxPerImage { get; init; } = 2;

    /// <summary>The most suspects of each kind.</summary>
    public int MaxIssues { get; init; } = 8;
}
