using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>The head's loss: three scalars with gradient, and what to log beside them. Dispose when done.</summary>
/// <param name="Quality">Quality Focal Loss, weighted, summed over levels.</param>
/// <param name="Box">GIoU loss, weighted, summed over levels.</param>
/// <param name="Distribution">Distribution Focal Loss, weighted, summed over levels.</param>
/// <param name="Positives">Number of positive locations in the batch.</param>
public sealed record LossTerms(Tensor Quality, Tensor Box, Tensor Distribution, int Positives) : IDisposable
{
    /// <summary>The sum of the three, with gradient.</summary>
    public Tensor Total() => Quality + Box + Distribution;

    /// <inheritdoc/>
    public void Dispose()
    {
        Quality.Dispose();
        Box.Dispose();
        Distribution.Dispose();
    }
}
