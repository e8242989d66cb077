namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>Settings of GFLv2's Distribution-Guided Quality Predictor (arXiv 2011.12885).</summary>
public sealed record QualityPredictorOptions
{
    /// <summary>Highest probabilities taken of each side (official: 4).</summary>
    public int TopK { get; init; } = 4;

    /// <summary>Whether the mean of the top probabilities is appended (official: true).</summary>
    public bool AddMean { get; init; } = true;

    /// <summary>Hidden channels (official: 64).</summary>
    public int Channels { get; init; } = 64;

    /// <summary>
    /// Whether the classifier has one channel more than there are classes, which is only ever trained towards 0. Official GFLv2
    /// checkpoints have it, as an accident of their settings; it is the last channel, label C.
    /// </summary>
    public bool BackgroundChannel { get; init; }

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate(int regMax)
    {
        if (TopK < 1 || TopK > regMax + 1)
        {
            throw new FocalSharpException($"quality predictor top k {TopK} must lie within 1 to {regMax + 1}, the bins of a side; official: 4");
        }

        if (Channels is < 1 or > 4096)
        {
            throw new FocalSharpException($"quality predictor channels {Channels} must lie within 1 to 4096; official: 64");
        }
    }
}
