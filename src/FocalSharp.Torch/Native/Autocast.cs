using TorchSharp;

namespace FocalSharp.Torch.Native;

/// <summary>
/// A scope in which convolutions compute in a chosen precision. The state belongs to the thread, as libtorch's does; scopes
/// nest, and each restores what it found. Run the forward pass inside, the losses and the backward pass outside.
/// </summary>
public sealed class Autocast : IDisposable
{
    [ThreadStatic]
    private static bool _convolutionsCast;

    private readonly AutocastExports? _native;
    private readonly int _device;
    private readonly bool _before;
    private bool _left;

    private Autocast(bool enable, int device, AutocastExports? native)
    {
        _native = native;
        _device = device;
        if (native is null)
        {
            _before = _convolutionsCast;
            _convolutionsCast = enable;
            return;
        }

        _before = native.IsEnabled(device);
        native.Set(device, enable);
        native.Enter();
    }

    /// <summary>
    /// True where libtorch itself does the casting; false where its autocast is out of reach and <see cref="Layers.ConvLayer"/>
    /// casts by itself.
    /// </summary>
    public static bool IsNative => AutocastExports.Instance is not null;

    /// <summary>Whether <see cref="Layers.ConvLayer"/> must cast by itself on this thread.</summary>
    internal static bool ConvolutionsCast => _convolutionsCast;

    /// <summary>Opens a scope; dispose it on the same thread.</summary>
    /// <param name="precision"><see cref="Precision.Float32"/> also switches off what an outer scope switched on.</param>
    /// <param name="device">Where the tensors are.</param>
    public static Autocast Enter(Precision precision, DeviceType device = DeviceType.CPU)
    {
        LibTorch.EnsureLoaded();
        return new Autocast(precision.Resolve(device) == Precision.BFloat16, (int)device, AutocastExports.Instance);
    }

    /// <summary>The scope as it is where libtorch's autocast is out of reach.</summary>
    internal static Autocast EnterWithoutNative(Precision precision) =>
        new(precision.Resolve() == Precision.BFloat16, (int)DeviceType.CPU, null);

    /// <summary>Restores what was before.</summary>
    public void Dispose()
    {
        if (_left)
        {
            return;
        }

        _left = true;
        if (_native is null)
        {
            _convolutionsCast = _before;
            return;
        }

        _native.Set(_device, _before);
        _native.Leave();
    }
}
