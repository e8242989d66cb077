namespace FocalSharp.IO;

/// <summary>Checks before a long operation that its results can be saved.</summary>
internal static class DirectoryAccess
{
    /// <summary>Creates the folder if necessary, and writes, flushes and removes a small file in it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="requiredBytes">Free space required on its disk in bytes; 0 if unknown.</param>
    /// <exception cref="FileException">The folder cannot be created or written to, or its disk is too full.</exception>
    public static void RequireWritable(string path, long requiredBytes = 0)
    {
        bool existed = Directory.Exists(path);
        try
        {
            Directory.CreateDirectory(path);
            WriteProbeFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new FileException($"{path}: cannot be written to ({exception.Message}). Choose another folder, or fix its permissions or free disk space.", exception) { Path = path };
        }

        RequireFreeSpace(path, requiredBytes, GetFreeBytes(path), removeFolder: !existed);
    }

    internal static void RequireFreeSpace(string path, long requiredBytes, long? freeBytes, bool removeFolder)
    {
        if (freeBytes is not { } free || free >= requiredBytes)
        {
            return;
        }

        if (removeFolder)
        {
            Directory.Delete(path);
        }

        throw new FileException($"{path}: its disk has {FormatMegabytes(free)} free, but about {FormatMegabytes(requiredBytes)} are needed. Free disk space, or choose another folder.") { Path = path };
    }

    private static void WriteProbeFile(string path)
    {
        // Larger than what a file system stores in its index, so that a full disk is detected.
        string probe = Path.Combine(path, $".probe-{Guid.NewGuid():N}");
        try
        {
            using FileStream stream = new(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            stream.Write(new byte[64 * 1024]);
            stream.Flush(flushToDisk: true);
        }
        finally
        {
            File.Delete(probe);
        }
    }

    /// <summary>Returns the free bytes on the disk of a folder, or null if unknown.</summary>
    internal static long? GetFreeBytes(string path)
    {
        try
        {
            return new DriveInfo(path).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // a network share or an unusual mount; the probe file has been written
        }
    }

    private static string FormatMegabytes(long bytes) => $"{bytes / 1e6:N0} MB";
}
