namespace FocalSharp.IO;

/// <summary>Writes files so that a reader, or a crash, sees the old content or the new, never a part of it.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes through a temporary file in the same folder, flushes it to disk and renames it over the target. The folder is made
    /// where it is absent; the temporary file is removed when writing fails.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="write">Writes the whole content.</param>
    /// <param name="check">
    /// Looks at the temporary file, whose path it is given, once it is whole; where it throws, the target stays as it was.
    /// </param>
    /// <exception cref="FocalSharpException">The folder cannot be written to or the disk is full.</exception>
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
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception exception)
        {
            Remove(temporary);
            // What a file system or a limit (ulimit -f) refuses as too large comes as an argument out of range.
            if (exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" })
            {
                throw new FocalSharpException(
                    $"{path}: cannot be written ({exception.Message}). Free space or choose another folder; what was there before is untouched.",
                    exception);
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
            // The first fault is the one to tell.
        }
    }
}
