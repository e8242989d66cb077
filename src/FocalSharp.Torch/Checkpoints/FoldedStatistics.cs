using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// Batch norms of weights into which batch norm was folded: they add the bias and change nothing else. Their mean is 0 and their
/// variance 1 − ε, which no training produces, so that a training recognizes them and measures the statistics first.
/// </summary>
internal static class FoldedStatistics
{
    /// <summary>The variance of a norm with PyTorch's default ε.</summary>
    public const float DefaultVariance = 1 - 1e-5f;

    /// <summary>Sets a norm that adds a bias.</summary>
    public static void Set(BatchNorm2d norm, float[] bias)
    {
        using IDisposable guard = no_grad();
        norm.weight!.fill_(1);
        using Tensor shift = tensor(bias);
        norm.bias!.copy_(shift);
        norm.running_mean!.zero_();
        norm.running_var!.fill_(Variance(norm));
        norm.num_batches_tracked!.zero_();
    }

    /// <summary>Returns whether no training has measured the statistics of a norm that was set by <see cref="Set"/>.</summary>
    public static bool IsFolded(BatchNorm2d norm)
    {
        using IDisposable guard = no_grad();
        using Tensor mean = norm.running_mean!.eq(0).all();
        using Tensor variance = norm.running_var!.eq(Variance(norm)).all();
        return mean.item<bool>() && variance.item<bool>();
    }

    private static float Variance(BatchNorm2d norm) => (float)(1 - norm.eps);
}
