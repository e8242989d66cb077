using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>
/// A scope in which feature maps have channels-last memory (<c>[B, H, W, C]</c> behind <c>[B, C, H, W]</c>), which convolutions read
/// without a copy, and in which fused managed code computes depthwise convolutions, norms, activations and pools. Detectors enter it when they
/// compute on a CPU with vectors for their type; otherwise libtorch's operators compute the same.
/// </summary>
internal readonly struct ChannelsLast : IDisposable
{
    [ThreadStatic]
    private static ScalarType? _type;

    private readonly ScalarType? _previous;

    private ChannelsLast(ScalarType? type) => (_previous, _type) = (_type, type);

    /// <summary>Gets whether the scope is on, on this thread.</summary>
    public static bool IsOn => _type is not null;

    /// <summary>Gets the type of the maps, bfloat16 or float32.</summary>
    /// <exception cref="InvalidOperationException">The scope is not on.</exception>
    public static ScalarType Type => _type ?? throw new InvalidOperationException("Maps have the default layout on this thread.");

    /// <summary>Returns whether this machine supports the scope for maps of a type.</summary>
    public static bool IsSupported(ScalarType type) => type switch
    {
        ScalarType.BFloat16 => PrecisionSupport.HasNativeBFloat16,
        ScalarType.Float32 => PrecisionSupport.HasFastFloat32,
        _ => false,
    };

    /// <summary>Opens a scope for maps of a type, or one in which maps have the default layout; dispose it on the same thread.</summary>
    public static ChannelsLast Enter(ScalarType? type) => new(type);

    /// <summary>Returns whether fused code supports a map on this thread.</summary>
    public static bool Supports(Tensor map) => SupportsBlocks(map) && map.size(1) % LaneCount(map.dtype) == 0;

    /// <summary>Returns whether fused code that needs no multiple of a vector's length supports a map on this thread.</summary>
    public static bool SupportsBlocks(Tensor map) =>
        map.dtype == _type && map.device_type == DeviceType.CPU && map.dim() == 4 && map.size(1) >= LaneCount(map.dtype) && map.numel() is > 0 and < (1 << 30);

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
    public static Tensor Empty(ScalarType type, long batch, long channels, long height, long width) => empty_strided(
        [batch, channels, height, width], [height * width * channels, 1, width * channels, channels], type);

    public void Dispose() => _type = _previous;

    private static int LaneCount(ScalarType type) => type == ScalarType.BFloat16 ? Lanes16.Count : Lanes8.Count;
}
