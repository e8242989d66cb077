using System.Runtime.InteropServices;
using TorchSharp;

namespace FocalSharp.Torch.Native;

/// <summary>
/// Loads libtorch once, with suitable process settings.
/// </summary>
internal static class LibTorch
{
    private static readonly Lazy<Exception?> Failure = new(Load);

    /// <summary>Gets whether libtorch is loaded or can be loaded.</summary>
    public static bool IsAvailable => Failure.Value is null;

    /// <summary>Loads libtorch on the first call.</summary>
    /// <exception cref="PlatformException">
    /// libtorch cannot be loaded; the message names the file that is missing or does not load.
    /// </exception>
    public static void EnsureLoaded()
    {
        if (Failure.Value is { } cause)
        {
            throw new PlatformException(Problem!, cause);
        }
    }

    /// <summary>Gets why libtorch cannot be loaded; null if it is loaded.</summary>
    public static string? Problem => IsAvailable ? null : LibTorchDiagnosis.Explain(AppContext.BaseDirectory, TryOpen);

    /// <summary>
    /// Returns a module's name after loading libtorch. Passed to the base constructor, it loads before that calls native code, whose own error
    /// would not say what is missing, and before the process can no longer be configured.
    /// </summary>
    /// <param name="moduleName">The name.</param>
    /// <exception cref="PlatformException">libtorch cannot be loaded.</exception>
    public static string Named(string moduleName)
    {
        EnsureLoaded();
        return moduleName;
    }

    /// <summary>Starts to load libtorch in the background.</summary>
    /// <returns>A handle whose disposal waits for loading to end, since a process that exits while loading may crash.</returns>
    public static IDisposable Preload() => new PreloadHandle(Task.Run(() => Failure.Value));

    private static Exception? Load()
    {
        ProcessTuning.Apply();
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            NnPack.Disable();
            return null;
        }
        catch (Exception exception) when (exception is TypeInitializationException or NotSupportedException or DllNotFoundException)
        {
            return exception;
        }
    }

    private static string? TryOpen(string path)
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(path));
            return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            return exception.Message;
        }
    }

    private sealed class PreloadHandle(Task loading) : IDisposable
    {
        public void Dispose() => loading.Wait();
    }
}
