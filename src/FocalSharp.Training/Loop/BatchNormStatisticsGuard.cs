using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Loop;

/// <summary>
/// Remembers the batch norms' running statistics from before a step: the forward pass changes them, and a step that is skipped must
/// leave nothing behind.
/// </summary>
internal sealed class BatchNormStatisticsGuard : IDisposable
{
    private readonly List<(Tensor Live, Tensor Saved)> _pairs = [];

    /// <summary>Watches the norms of a model that are in training mode.</summary>
    public BatchNormStatisticsGuard(nn.Module model)
    {
        using IDisposable guard = no_grad();
        foreach (Tensor live in model.modules().OfType<BatchNorm2d>().Where(norm => norm.training).SelectMany(norm => norm.buffers()))
        {
            _pairs.Add((live, live.clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>Remembers the statistics as they are.</summary>
    public void Save() => Copy(pair => (pair.Live, pair.Saved));

    /// <summary>Brings back what was remembered.</summary>
    public void Restore() => Copy(pair => (pair.Saved, pair.Live));

    public void Dispose()
    {
        foreach ((_, Tensor retained) in _pairs)
        {
            retained.Dispose();
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
