namespace FocalSharp.IO;

/// <summary>Writes files atomically: readers, and a restart after a crash, find either the old or the new content.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file in the same folder, flushes it to disk and renames it to the target. The folder is created
    /// if necessary; the temporary file is removed if writing fails.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="write">Writes the content to the stream.</param>
    /// <param name="check">
    /// Receives the path of the complete temporary file; if it throws, the target is not changed.
    /// </param>
    /// <exception cref="FileException">The folder cannot be written to, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write, Action<string>? check = null) => Replace(path, write, check, flush: true);

    internal static void Replace(string path, Action<Stream> write, Action<string>? check, bool flush)
    {
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target)!;
        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: flush);
            }

            check?.Invoke(temporary);
            FileReplacement.Default.Run(temporary, target, OperatingSystem.IsWindows());
        }
        catch (Exception exception)
        {
            Remove(temporary);
            // A file system or a limit (ulimit -f) that rejects a size as too large reports an argument out of range.
            if (exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" })
            {
                throw new FileException(
                    $"{path}: cannot be written ({exception.Message}). Free disk space, or choose another folder; a previous file is unchanged.",
                    exception)
                { Path = path };
            }

            throw;
        }
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark; see <see cref="Write"/>.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only the first error is reported.
        }
    }
}
