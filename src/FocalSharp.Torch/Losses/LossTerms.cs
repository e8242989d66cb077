using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>The loss of a batch: three scalars with gradient. It owns its tensors: dispose it.</summary>
/// <param name="classification">Classification loss, weighted, summed over levels.</param>
/// <param name="box">Box loss, weighted, summed over levels.</param>
/// <param name="distribution">Distribution Focal Loss, weighted, summed over levels.</param>
/// <param name="positives">Number of positive anchors in the batch.</param>
public sealed class LossTerms(Tensor classification, Tensor box, Tensor distribution, int positives) : IDisposable
{
    /// <summary>Gets the weighted classification loss.</summary>
    public Tensor Classification { get; } = classification;

    /// <summary>Gets the weighted box loss.</summary>
    public Tensor Box { get; } = box;

    /// <summary>Gets the weighted Distribution Focal Loss.</summary>
    public Tensor Distribution { get; } = distribution;

    /// <summary>Gets the number of positive anchors in the batch.</summary>
    public int Positives { get; } = positives;

    /// <summary>Computes the sum of the three losses, with gradient.</summary>
    public Tensor Total() => Classification + Box + Distribution;

    /// <summary>Disposes the tensors.</summary>
    public void Dispose()
    {
        Classification.Dispose();
        Box.Dispose();
        Distribution.Dispose();
    }
}
