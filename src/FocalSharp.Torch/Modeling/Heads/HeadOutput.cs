using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>The output of a head for a batch, finest level first; float32. It owns its tensors: dispose it.</summary>
/// <param name="scores">
/// Per level <c>[B, C, H, W]</c>: class logits, or probabilities if <paramref name="scoresAreProbabilities"/> (GFLv2, which may
/// have one more channel, see <see cref="QualityPredictorOptions.BackgroundChannel"/>). Any memory layout.
/// </param>
/// <param name="boxDistributionLogits">
/// Per level <c>[B, 4·(n+1), H, W]</c>: logits of the distributions of the four sides, channel <c>side·(n+1) + bin</c>, sides
/// left, top, right, bottom.
/// </param>
/// <param name="scoresAreProbabilities">Whether a sigmoid has been applied to the scores.</param>
public sealed class HeadOutput(IReadOnlyList<Tensor> scores, IReadOnlyList<Tensor> boxDistributionLogits, bool scoresAreProbabilities = false)
    : IDisposable
{
    /// <summary>Gets the class scores per level, <c>[B, C, H, W]</c>.</summary>
    public IReadOnlyList<Tensor> Scores { get; } = scores;

    /// <summary>Gets the logits of the sides' distributions per level, <c>[B, 4·(n+1), H, W]</c>.</summary>
    public IReadOnlyList<Tensor> BoxDistributionLogits { get; } = boxDistributionLogits;

    /// <summary>Gets whether a sigmoid has been applied to the scores.</summary>
    public bool ScoresAreProbabilities { get; } = scoresAreProbabilities;

    /// <summary>Gets or sets the output of the assign guidance module in training, or null.</summary>
    internal HeadOutput? Guidance { get; set; }

    /// <summary>Gets or sets the neck's maps per level, if they are kept for feature imitation, or null.</summary>
    internal IReadOnlyList<Tensor>? Features { get; set; }

    /// <summary>Gets all tensors.</summary>
    internal IEnumerable<Tensor> Tensors => [.. Scores, .. BoxDistributionLogits, .. Guidance?.Tensors ?? [], .. Features ?? []];

    /// <summary>Throws if the output was disposed.</summary>
    /// <exception cref="ArgumentException">It was.</exception>
    internal void RequireLive(string name)
    {
        if (Scores.Concat(BoxDistributionLogits).Any(tensor => tensor.IsInvalid))
        {
            throw new ArgumentException($"'{name}' was disposed.", name);
        }
    }

    /// <summary>Disposes all tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors)
        {
            tensor.Dispose();
        }
    }
}
