using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Loop;

/// <summary>
/// A copy of the batch norms' running statistics: the forward pass changes them, and a skipped step must leave them unchanged.
/// </summary>
internal sealed class BatchNormStatisticsGuard : IDisposable
{
    private readonly List<(Tensor Live, Tensor Saved)> _pairs = [];

    /// <summary>Initializes a copy for the norms of a model that are in training mode.</summary>
    public BatchNormStatisticsGuard(nn.Module model)
    {
        using IDisposable guard = no_grad();
        foreach (Tensor live in model.modules().OfType<BatchNorm2d>().Where(norm => norm.training).SelectMany(norm => norm.buffers()))
        {
            _pairs.Add((live, live.clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>Copies the statistics.</summary>
    public void Save() => Copy(pair => (pair.Live, pair.Saved));

    /// <summary>Restores the copied statistics.</summary>
    public void Restore() => Copy(pair => (pair.Saved, pair.Live));

    public void Dispose()
    {
        foreach ((_, Tensor saved) in _pairs)
        {
            saved.Dispose();
        }
    }

    private void Copy(Func<(Tensor Live, Tensor Saved), (Tensor From, Tensor To)> direction)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        foreach ((Tensor from, Tensor to) in _pairs.Select(direction))
        {
            to.copy_(from);
        }
    }
}
