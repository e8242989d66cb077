namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>Settings of GFLv2's Distribution-Guided Quality Predictor (arXiv 2011.12885).</summary>
public sealed record QualityPredictorOptions
{
    /// <summary>Gets the number of highest probabilities taken of each side (official: 4).</summary>
    public int TopK { get; init; } = 4;

    /// <summary>Gets whether the mean of the highest probabilities is appended (official: true).</summary>
    public bool AddMean { get; init; } = true;

    /// <summary>Gets the number of hidden channels (official: 64).</summary>
    public int Channels { get; init; } = 64;

    /// <summary>
    /// Gets whether the classifier has one channel more than there are classes, trained towards 0 only. Official GFLv2
    /// checkpoints have it, as a side effect of their settings; it is the last channel, label C.
    /// </summary>
    public bool BackgroundChannel { get; init; }

    /// <summary>Checks the options.</summary>
    /// <param name="regMax">Highest bin of the sides' distributions.</param>
    /// <exception cref="OptionException">An option is out of range.</exception>
    internal void Validate(int regMax)
    {
        OptionGuard.Require(
            TopK >= 1 && TopK <= regMax + 1, nameof(TopK), $"Head qualityPredictor.topK is {TopK}; it must be 1 to {regMax + 1}, the bins of a side (official: 4).");
        OptionGuard.Require(
            Channels is >= 1 and <= 4096, nameof(Channels), $"Head qualityPredictor.channels is {Channels}; it must be 1 to 4096 (official: 64).");
    }
}
