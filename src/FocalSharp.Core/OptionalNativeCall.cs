namespace FocalSharp;

/// <summary>Calls of functions of the C library that tune the process and may be missing.</summary>
internal static class OptionalNativeCall
{
    /// <summary>Makes a call.</summary>
    /// <returns>False if the library (Windows, or one of another name) or the function (another C library than glibc) does not exist.</returns>
    public static bool TryInvoke(Action call)
    {
        try
        {
            call();
            return true;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }
}
