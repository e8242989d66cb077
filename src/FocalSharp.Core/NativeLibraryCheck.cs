namespace FocalSharp;

/// <summary>Loads a native library before its first use, so that a missing one gives one sentence instead of a loader's error.</summary>
/// <param name="name">The library in messages, for example "SkiaSharp's native library (libSkiaSharp)".</param>
/// <param name="fix">How to add it, as a sentence.</param>
/// <param name="load">Calls the library.</param>
/// <param name="platformProblem">Why the library has no binaries for this platform, if so; null for <see cref="SupportedPlatforms.Problem"/>.</param>
internal sealed class NativeLibraryCheck(string name, string fix, Action load, Func<string?>? platformProblem = null)
{
    private readonly Lazy<Exception?> _failure = new(() => Find(load));

    /// <summary>Gets why the library cannot be loaded; null if it is loaded.</summary>
    public string? Problem => _failure.Value is { } cause
        ? (platformProblem is null ? SupportedPlatforms.Problem : platformProblem()) ?? $"{name} cannot be loaded: {Describe(cause)}. {fix}"
        : null;

    /// <summary>Loads the library on the first call.</summary>
    /// <exception cref="PlatformException">It cannot be loaded.</exception>
    public void EnsureLoaded()
    {
        if (_failure.Value is { } cause)
        {
            throw new PlatformException(Problem!, cause);
        }
    }

    private static Exception? Find(Action load)
    {
        try
        {
            load();
            return null;
        }
        catch (Exception exception) when (GetCause(exception) is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or InvalidOperationException)
        {
            return exception;
        }
    }

    // A static constructor wraps its own failure.
    private static Exception GetCause(Exception exception) =>
        exception is TypeInitializationException { InnerException: { } inner } ? GetCause(inner) : exception;

    // The loader lists every path that it tried.
    private static string Describe(Exception exception)
    {
        string message = GetCause(exception).Message.Trim();
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        return (end < 0 ? message : message[..end]).TrimEnd('.', ':');
    }
}
