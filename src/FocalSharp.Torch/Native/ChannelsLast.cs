using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>
/// A scope in which feature maps lie channel by channel in memory (<c>[B, H, W, C]</c> behind <c>[B, C, H, W]</c>), as bfloat16
/// convolutions read them without a copy, and in which what stands between the convolutions is computed by fused managed code. Entered
/// by a detector that computes in bfloat16 on a CPU with AVX-512; elsewhere libtorch's operators compute the same.
/// </summary>
internal readonly struct ChannelsLast : IDisposable
{
    [ThreadStatic]
    private static bool _isOn;

    private readonly bool _previous;

    private ChannelsLast(bool on) => (_previous, _isOn) = (_isOn, on);

    /// <summary>Whether the scope is on, on this thread.</summary>
    public static bool IsOn => _isOn;

    /// <summary>Whether this machine can, whatever is asked.</summary>
    public static bool IsSupported => NativeBFloat16.IsSupported && PrecisionSupport.HasNativeBFloat16;

    /// <summary>Opens the scope; dispose it on the same thread.</summary>
    public static ChannelsLast Enter(bool on) => new(on);

    /// <summary>Whether fused code can compute on a map here and now.</summary>
    public static bool Supports(Tensor map) =>
        _isOn && map.dtype == ScalarType.BFloat16 && map.dim() == 4 && map.size(1) % NativeBFloat16.Width == 0 && map.numel() is > 0 and < (1 << 30);

    /// <summary>The map in this memory: itself where it lies so, else a copy.</summary>
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

    /// <summary>A map to be filled.</summary>
    public static Tensor Empty(long batch, long channels, long height, long width) => empty_strided(
        [batch, channels, height, width], [height * width * channels, 1, width * channels, channels], ScalarType.BFloat16);

    public void Dispose() => _isOn = _previous;
}
