namespace FocalSharp.IO;

/// <summary>
/// Renames a file over another one. Windows refuses that while another process (a reader, an indexer, a virus scanner) has the target open, usually for a
/// few milliseconds, so that the rename is tried again for a while; other systems rename at once.
/// </summary>
/// <param name="move">Renames the first file to the second and overwrites it.</param>
/// <param name="wait">Waits.</param>
internal sealed class FileReplacement(Action<string, string> move, Action<TimeSpan> wait)
{
    // Codes of winerror.h in an HRESULT: the target is open (sharing), part of it is locked, or its handle refuses deletion (reported as access denied).
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);
    private const int AccessDenied = unchecked((int)0x80070005);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    /// <summary>Gets the replacement by the file system.</summary>
    public static FileReplacement Default { get; } = new((source, target) => File.Move(source, target, overwrite: true), Thread.Sleep);

    /// <summary>Renames a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="target">Its new name; a file of that name is replaced.</param>
    /// <param name="isWindows">Whether the file system is that of Windows.</param>
    /// <exception cref="IOException">It cannot be renamed, on Windows after waiting for three seconds.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public void Run(string source, string target, bool isWindows)
    {
        TimeSpan next = FirstWait;
        for (TimeSpan waited = TimeSpan.Zero; ; waited += next, next *= 2)
        {
            try
            {
                move(source, target);
                return;
            }
            catch (Exception exception) when (isWindows && IsInUse(exception) && waited + next <= MaxWait)
            {
                wait(next);
            }
        }
    }

    private static bool IsInUse(Exception exception) =>
        exception is IOException or UnauthorizedAccessException && exception.HResult is SharingViolation or LockViolation or AccessDenied;
}
