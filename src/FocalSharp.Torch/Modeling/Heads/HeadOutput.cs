using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>What the head says of a batch, finest level first; float32. Dispose when done.</summary>
/// <param name="Scores">
/// Per level <c>[B, C, H, W]</c>: class logits, or probabilities where <paramref name="ScoresAreProbabilities"/> (GFLv2, which may
/// have one channel more, see <see cref="QualityPredictorOptions.BackgroundChannel"/>). Strides in memory may be any.
/// </param>
/// <param name="BoxDistributionLogits">
/// Per level <c>[B, 4·(n+1), H, W]</c>: logits of the four sides' distributions, channel <c>side·(n+1) + bin</c>, sides
/// left, top, right, bottom.
/// </param>
/// <param name="ScoresAreProbabilities">True where the scores have passed a sigmoid already.</param>
public sealed record HeadOutput(IReadOnlyList<Tensor> Scores, IReadOnlyList<Tensor> BoxDistributionLogits, bool ScoresAreProbabilities = false)
    : IDisposable
{
    /// <summary>Frees all tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in Scores.Concat(BoxDistributionLogits))
        {
            tensor.Dispose();
        }
    }
}
