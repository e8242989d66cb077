using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>Binary cross-entropy of each element.</summary>
internal static class BinaryCrossEntropy
{
    /// <summary>Computes the loss of logits, or of probabilities.</summary>
    /// <exception cref="ArgumentException">The predictions should be probabilities, and are not.</exception>
    public static Tensor Compute(Tensor prediction, Tensor target, bool probabilities)
    {
        if (!probabilities)
        {
            return nn.functional.binary_cross_entropy_with_logits(prediction, target, reduction: nn.Reduction.None);
        }

        try
        {
            return nn.functional.binary_cross_entropy(prediction, target, reduction: nn.Reduction.None);
        }
        catch (ExternalException exception) when (!prediction.detach().ge(0).logical_and(prediction.detach().le(1)).all().item<bool>())
        {
            // libtorch checks the range, so that no pass of our own is needed.
            throw new ArgumentException($"'{nameof(prediction)}' must be probabilities between 0 and 1. Are they logits?", nameof(prediction), exception);
        }
    }
}
