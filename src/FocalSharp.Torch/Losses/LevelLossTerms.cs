using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>The head's loss split by pyramid level, and what it was divided by. Each tensor is <c>[levels]</c> with gradient.</summary>
/// <param name="Quality">Quality Focal Loss of each level.</param>
/// <param name="Box">GIoU loss of each level.</param>
/// <param name="Distribution">Distribution Focal Loss of each level.</param>
/// <param name="QualityFactor">Sum over images of max(positives, 1).</param>
/// <param name="BoxFactor">Sum of the positives' weights, at least 1.</param>
public sealed record LevelLossTerms(Tensor Quality, Tensor Box, Tensor Distribution, double QualityFactor, double BoxFactor);
