using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>
/// libtorch's own autocast, which TorchSharp does not expose: functions of <c>at::autocast</c>, found by their Itanium-mangled
/// names. Absent under other manglings (Windows) or other libtorch versions; then <see cref="Instance"/> is null.
/// </summary>
internal sealed unsafe class AutocastExports
{
    private const sbyte BFloat16 = 15; // c10::ScalarType::BFloat16

    private readonly delegate* unmanaged<sbyte, byte> _isEnabled;
    private readonly delegate* unmanaged<sbyte, byte, void> _setEnabled;
    private readonly delegate* unmanaged<sbyte, sbyte, void> _setType;
    private readonly delegate* unmanaged<int> _enter;
    private readonly delegate* unmanaged<int> _leave;
    private readonly delegate* unmanaged<void> _clearCache;

    private AutocastExports(nint isEnabled, nint setEnabled, nint setType, nint enter, nint leave, nint clearCache)
    {
        _isEnabled = (delegate* unmanaged<sbyte, byte>)isEnabled;
        _setEnabled = (delegate* unmanaged<sbyte, byte, void>)setEnabled;
        _setType = (delegate* unmanaged<sbyte, sbyte, void>)setType;
        _enter = (delegate* unmanaged<int>)enter;
        _leave = (delegate* unmanaged<int>)leave;
        _clearCache = (delegate* unmanaged<void>)clearCache;
    }

    private static readonly Lazy<AutocastExports?> Found = new(Find);

    /// <summary>The functions, or null where this libtorch does not export them. Ask only after libtorch has been loaded.</summary>
    public static AutocastExports? Instance => Found.Value;

    /// <summary>Whether this thread autocasts on a device type.</summary>
    public bool IsEnabled(int device) => _isEnabled((sbyte)device) != 0;

    /// <summary>Switches this thread's autocast to bfloat16, or off.</summary>
    public void Set(int device, bool enabled)
    {
        if (enabled)
        {
            _setType((sbyte)device, BFloat16);
        }

        _setEnabled((sbyte)device, enabled ? (byte)1 : (byte)0);
    }

    /// <summary>Opens a scope in which each cast weight is kept.</summary>
    public void Enter() => _enter();

    /// <summary>Closes it; the outermost one drops the kept weights, which the optimizer is about to change.</summary>
    public void Leave()
    {
        if (_leave() == 0)
        {
            _clearCache();
        }
    }

    private static AutocastExports? Find()
    {
        if (!LibTorchLibrary.TryOpen(out nint handle))
        {
            return null;
        }

        const string prefix = "_ZN2at8autocast";
        return NativeLibrary.TryGetExport(handle, prefix + "19is_autocast_enabledEN3c1010DeviceTypeE", out nint isEnabled)
            && NativeLibrary.TryGetExport(handle, prefix + "20set_autocast_enabledEN3c1010DeviceTypeEb", out nint setEnabled)
            && NativeLibrary.TryGetExport(
                handle, prefix + "18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE", out nint setType)
            && NativeLibrary.TryGetExport(handle, prefix + "17increment_nestingEv", out nint enter)
            && NativeLibrary.TryGetExport(handle, prefix + "17decrement_nestingEv", out nint leave)
            && NativeLibrary.TryGetExport(handle, prefix + "11clear_cacheEv", out nint clear)
            ? new AutocastExports(isEnabled, setEnabled, setType, enter, leave, clear)
            : null;
    }
}
