namespace FocalSharp.Evaluation.Coco;

/// <summary>The metrics of one class; −1 if the ground truth contains no object of it.</summary>
/// <param name="Name">The class name.</param>
/// <param name="AP">Average precision over all IoU thresholds.</param>
/// <param name="AP50">Average precision at IoU 0.5.</param>
/// <param name="AP75">Average precision at IoU 0.75.</param>
/// <param name="AR100">Average recall with the maximum number of detections per image (100).</param>
/// <param name="GroundTruths">Number of evaluated objects, without crowds.</param>
public sealed record ClassMetrics(string Name, double AP, double AP50, double AP75, double AR100, int GroundTruths)
{
    /// <summary>Gets the average precision over small objects.</summary>
    public double APs { get; init; } = -1;

    /// <summary>Gets the average precision over medium objects.</summary>
    public double APm { get; init; } = -1;

    /// <summary>Gets the average precision over large objects.</summary>
    public double APl { get; init; } = -1;

    /// <summary>Gets the number of evaluated small objects.</summary>
    public int SmallGroundTruths { get; init; }

    /// <summary>Gets the number of evaluated medium objects.</summary>
    public int MediumGroundTruths { get; init; }

    /// <summary>Gets the number of evaluated large objects.</summary>
    public int LargeGroundTruths { get; init; }
}
