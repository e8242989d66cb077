using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// A loss of class scores, element by element. Implement it to train with a classification loss of your own;
/// <see cref="QualityFocalLoss"/>, <see cref="FocalLoss"/> and <see cref="VarifocalLoss"/> are the built-in ones.
/// </summary>
public interface IClassificationLoss
{
    /// <summary>Computes the loss of each element, with gradient by the scores.</summary>
    /// <param name="scores">
    /// Class logits, or probabilities if <paramref name="scoresAreProbabilities"/>, <c>[B, C, anchors]</c>.
    /// </param>
    /// <param name="qualities">
    /// IoU of the decoded box with its object at the class of each positive anchor, 0 elsewhere; without gradient, same shape.
    /// </param>
    /// <param name="positives">1 at the class of each positive anchor, 0 elsewhere, same shape and type.</param>
    /// <param name="scoresAreProbabilities">Whether a sigmoid has been applied to the scores (GFLv2).</param>
    /// <returns>The loss of each element, same shape; the caller masks, sums and scales it.</returns>
    Tensor Compute(Tensor scores, Tensor qualities, Tensor positives, bool scoresAreProbabilities);
}
