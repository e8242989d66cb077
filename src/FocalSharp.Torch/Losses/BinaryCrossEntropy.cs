using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>Binary cross-entropy of each element.</summary>
internal static class BinaryCrossEntropy
{
    /// <summary>Computes the loss of logits, or of probabilities.</summary>
    public static Tensor Compute(Tensor prediction, Tensor target, bool probabilities) => probabilities
        ? nn.functional.binary_cross_entropy(prediction, target, reduction: nn.Reduction.None)
        : nn.functional.binary_cross_entropy_with_logits(prediction, target, reduction: nn.Reduction.None);
}
