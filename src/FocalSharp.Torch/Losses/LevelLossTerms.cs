using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>The loss of a batch split by pyramid level, and its divisors. Each tensor is <c>[levels]</c> with gradient.</summary>
/// <param name="classification">Classification loss of each level.</param>
/// <param name="box">Box loss of each level.</param>
/// <param name="distribution">Distribution Focal Loss of each level.</param>
/// <param name="classificationFactor">Number of positives that averages the classification loss.</param>
/// <param name="boxFactor">Sum of the positives' weights, at least 1.</param>
internal sealed class LevelLossTerms(Tensor classification, Tensor box, Tensor distribution, double classificationFactor, double boxFactor) : IDisposable
{
    public Tensor Classification { get; } = classification;

    public Tensor Box { get; } = box;

    public Tensor Distribution { get; } = distribution;

    public double ClassificationFactor { get; } = classificationFactor;

    public double BoxFactor { get; } = boxFactor;

    public void Dispose()
    {
        Classification.Dispose();
        Box.Dispose();
        Distribution.Dispose();
    }
}
