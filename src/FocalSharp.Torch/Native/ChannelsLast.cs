using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>
/// A scope in which feature maps have channels-last memory (<c>[B, H, W, C]</c> behind <c>[B, C, H, W]</c>), which bfloat16
/// convolutions read without a copy, and in which fused managed code computes norms, activations and pools. Detectors enter it
/// when they compute in bfloat16 on a CPU with AVX-512; otherwise libtorch's operators compute the same.
/// </summary>
internal readonly struct ChannelsLast : IDisposable
{
    [ThreadStatic]
    private static bool _isOn;

    private readonly bool _previous;

    private ChannelsLast(bool on) => (_previous, _isOn) = (_isOn, on);

    /// <summary>Gets whether the scope is on, on this thread.</summary>
    public static bool IsOn => _isOn;

    /// <summary>Gets whether this machine supports the scope.</summary>
    public static bool IsSupported => NativeBFloat16.IsSupported && PrecisionSupport.HasNativeBFloat16;

    /// <summary>Opens a scope; dispose it on the same thread.</summary>
    public static ChannelsLast Enter(bool on) => new(on);

    /// <summary>Returns whether fused code supports a map on this thread.</summary>
    public static bool Supports(Tensor map) => SupportsBlocks(map) && map.size(1) % NativeBFloat16.Width == 0;

    /// <summary>Returns whether fused code that needs no multiple of sixteen channels supports a map on this thread.</summary>
    public static bool SupportsBlocks(Tensor map) =>
        _isOn && map.device_type == DeviceType.CPU && map.dtype == ScalarType.BFloat16 && map.dim() == 4 && map.size(1) >= NativeBFloat16.Width && map.numel() is > 0 and < (1 << 30);

    /// <summary>Returns the map in channels-last memory: an alias if it is, else a copy.</summary>
    public static Tensor Convert(Tensor map)
    {
        using Tensor rows = map.permute(0, 2, 3, 1);
        if (rows.is_contiguous())
        {
            return map.alias();
        }

        using Tensor packed = rows.contiguous();
        return packed.permute(0, 3, 1, 2);
    }

    /// <summary>Creates an uninitialized map in channels-last memory.</summary>
    public static Tensor Empty(long batch, long channels, long height, long width) => empty_strided(
        [batch, channels, height, width], [height * width * channels, 1, width * channels, channels], ScalarType.BFloat16);

    public void Dispose() => _isOn = _previous;
}
