namespace FocalSharp.Torch.Heads;

/// <summary>Settings of GFLv2's Distribution-Guided Quality Predictor (arXiv 2011.12885).</summary>
public sealed record QualityPredictorOptions
{
    /// <summary>Highest probabilities taken of each side (official: 4).</summary>
    public int TopK { get; init; } = 4;

    /// <summary>Whether the mean of the top probabilities is appended (official: true).</summary>
    public bool AddMean { get; init; } = true;

    /// <summary>Hidden channels (official: 64).</summary>
    public int Channels { get; init; } = 64;
}
