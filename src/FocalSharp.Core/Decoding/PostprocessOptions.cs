namespace FocalSharp.Decoding;

/// <summary>Settings of the way from logits to detections.</summary>
public sealed record PostprocessOptions
{
    /// <summary>Scores at or below this are dropped (official: 0.05, strict).</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>(location, class) pairs kept per level before NMS (official: 1000).</summary>
    public int MaxPerLevel { get; init; } = 1000;

    /// <summary>IoU above which class-wise NMS suppresses (official: 0.6, strict).</summary>
    public double NmsThreshold { get; init; } = 0.6;

    /// <summary>Detections kept per image (COCO: 100).</summary>
    public int MaxDetections { get; init; } = 100;
}
