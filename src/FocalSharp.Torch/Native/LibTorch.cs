using System.Runtime.InteropServices;
using TorchSharp;

namespace FocalSharp.Torch.Native;

/// <summary>
/// Loads libtorch once, with the process settings that it wants, and says in plain words what is missing when it cannot.
/// </summary>
public static class LibTorch
{
    private static readonly Lazy<Exception?> Failure = new(Load);

    /// <summary>True where libtorch is loaded or can be.</summary>
    public static bool IsAvailable => Failure.Value is null;

    /// <summary>Loads libtorch on the first call; later calls cost nothing.</summary>
    /// <exception cref="FocalSharpException">libtorch cannot be loaded; the message names the file that is missing or refused.</exception>
    public static void EnsureLoaded()
    {
        if (Failure.Value is { } cause)
        {
            throw new FocalSharpException(LibTorchDiagnosis.Explain(AppContext.BaseDirectory, TryOpen), cause);
        }
    }

    /// <summary>Begins to load libtorch beside what the caller does next, which then waits for what is left of it.</summary>
    /// <returns>Waits, when disposed, for loading to end: a process that leaves in its middle may crash.</returns>
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
