namespace FocalSharp.IO;

/// <summary>Finds out before the work, not after it, that its results could not be kept.</summary>
public static class DirectoryAccess
{
    /// <summary>Makes the folder where absent, and writes, flushes and removes a small file in it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="requiredBytes">Room needed on its disk; 0 where unknown.</param>
    /// <exception cref="FocalSharpException">The folder cannot be made or written to, or its disk is too full.</exception>
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
            throw new FocalSharpException($"{path}: cannot be written to ({exception.Message}). Choose another folder with --out, or mend its permissions or free space.", exception);
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

        throw new FocalSharpException($"{path}: its disk has {FormatMegabytes(free)} free, and the run needs about {FormatMegabytes(requiredBytes)}. Free space, or choose another folder with --out.");
    }

    private static void WriteProbeFile(string path)
    {
        // Larger than a file system keeps inside its index, so that a full disk shows.
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

    /// <summary>Free bytes on a folder's disk, or null where the system does not say.</summary>
    internal static long? GetFreeBytes(string path)
    {
        try
        {
            return new DriveInfo(path).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // a network share or an unusual mount: the probe file has told what can be told
        }
    }

    private static string FormatMegabytes(long bytes) => $"{bytes / 1e6:N0} MB";
}
