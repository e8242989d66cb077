using FocalSharp.Torch.Modeling.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>
/// A scope in which convolutions compute in a chosen precision. The state belongs to the thread; scopes nest, and each restores what it
/// found. Run the forward pass inside, the losses and the backward pass outside.
/// </summary>
/// <remarks>
/// Each layer's weights are cast once in a scope, however often the layer is called (a head's towers are, once a level): their gradients
/// add up in bfloat16. libtorch's own autocast keeps its casts in one place for all threads, which any thread's end of a scope
/// empties: the sums, and with them the last bits of a training, would hang on what other threads do.
/// </remarks>
public sealed class Autocast : IDisposable
{
    [ThreadStatic]
    private static Autocast? _current;

    private readonly Autocast? _outer = _current;
    private readonly Dictionary<ConvLayer, CastWeights>? _castWeights;
    private bool _disposed;

    private Autocast(bool casts)
    {
        _castWeights = casts ? [] : null;
        _current = this;
    }

    /// <summary>Opens a scope; dispose it on the same thread, before what an inner scope computes is needed outside it.</summary>
    /// <param name="precision"><see cref="Precision.Float32"/> also switches off what an outer scope switched on.</param>
    /// <param name="device">Where the tensors are.</param>
    public static Autocast Enter(Precision precision, DeviceType device = DeviceType.CPU) =>
        new(precision.Resolve(device) == Precision.BFloat16);

    /// <summary>Whether convolutions on this thread compute in bfloat16 now.</summary>
    internal static bool IsEnabled => _current?._castWeights is not null;

    /// <summary>A layer's weights in bfloat16, cast when first asked for; the scope keeps and disposes them.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="cast">Makes them, outside any dispose scope.</param>
    internal static CastWeights GetOrAddWeights(ConvLayer layer, Func<CastWeights> cast)
    {
        Dictionary<ConvLayer, CastWeights> retained = _current?._castWeights ?? throw new InvalidOperationException("No scope casts on this thread.");
        if (!retained.TryGetValue(layer, out CastWeights weights))
        {
            retained.Add(layer, weights = cast());
        }

        return weights;
    }

    /// <summary>Restores what was before.</summary>
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

    /// <summary>What a convolution multiplies with and adds.</summary>
    /// <param name="Weight">Weights.</param>
    /// <param name="Bias">Bias, or null.</param>
    internal readonly record struct CastWeights(Tensor Weight, Tensor? Bias);
}
