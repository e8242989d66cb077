namespace FocalSharp.Evaluation.Coco;

/// <summary>The numbers of one class; −1 where the ground truth has none of it.</summary>
/// <param name="Name">The class.</param>
/// <param name="AP">Average precision over all IoU thresholds.</param>
/// <param name="AP50">Average precision at IoU 0.5.</param>
/// <param name="AP75">Average precision at IoU 0.75.</param>
/// <param name="AR100">Average recall with the most detections per image (100).</param>
/// <param name="GroundTruths">Number of objects judged, crowds left out.</param>
public sealed record ClassMetrics(string Name, double AP, double AP50, double AP75, double AR100, int GroundTruths)
{
    /// <summary>Average precision over small objects.</summary>
    public double APs { get; init; } = -1;

    /// <summary>Average precision over medium objects.</summary>
    public double APm { get; init; } = -1;

    /// <summary>Average precision over large objects.</summary>
    public double APl { get; init; } = -1;

    /// <summary>Number of small objects judged.</summary>
    public int SmallGroundTruths { get; init; }

    /// <summary>Number of medium objects judged.</summary>
    public int MediumGroundTruths { get; init; }

    /// <summary>Number of large objects judged.</summary>
    public int LargeGroundTruths { get; init; }
}
