using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>
/// A scope in which convolutions compute in a given precision. The state is per thread; scopes nest. Run the forward pass inside,
/// the losses and the backward pass outside.
/// </summary>
/// <remarks>
/// Each layer's weights are cast once per scope, even if the layer is called several times, as a head's towers are, once per
/// level; their gradients are summed in bfloat16. libtorch's own autocast caches its casts for all threads in one place, which
/// the end of a scope on any thread empties: the sums, and the last bits of the weights, would depend on other threads.
/// </remarks>
internal sealed class Autocast : IDisposable
{
    [ThreadStatic]
    private static Autocast? _current;

    private readonly Autocast? _outer = _current;
    private readonly Dictionary<nn.Module, CastWeights>? _castWeights;
    private bool _disposed;

    private Autocast(bool casts)
    {
        _castWeights = casts ? [] : null;
        _current = this;
    }

    /// <summary>Opens a scope; dispose it on the same thread.</summary>
    /// <param name="precision"><see cref="Precision.Float32"/> overrides an outer scope.</param>
    /// <param name="device">Device of the tensors.</param>
    public static Autocast Enter(Precision precision, DeviceType device = DeviceType.CPU) =>
        new(precision.Resolve(device) == Precision.BFloat16);

    /// <summary>Gets whether convolutions on this thread compute in bfloat16.</summary>
    internal static bool IsEnabled => _current?._castWeights is not null;

    /// <summary>Returns a layer's weights in bfloat16, cast on the first call; the scope owns them.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="cast">Casts them, outside any dispose scope.</param>
    internal static CastWeights GetOrAddWeights(nn.Module layer, Func<CastWeights> cast)
    {
        Dictionary<nn.Module, CastWeights> retained = _current?._castWeights ?? throw new InvalidOperationException("No scope with bfloat16 is open on this thread.");
        if (!retained.TryGetValue(layer, out CastWeights weights))
        {
            retained.Add(layer, weights = cast());
        }

        return weights;
    }

    /// <summary>Closes the scope.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _current = _outer;
        foreach (CastWeights weights in _castWeights?.Values ?? Enumerable.Empty<CastWeights>())
        {
            weights.Weight.Dispose();
            weights.Bias?.Dispose();
        }
    }

    /// <summary>Weights and bias of a convolution.</summary>
    /// <param name="Weight">Weights.</param>
    /// <param name="Bias">Bias, or null.</param>
    internal readonly record struct CastWeights(Tensor Weight, Tensor? Bias);
}
