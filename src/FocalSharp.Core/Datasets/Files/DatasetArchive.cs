using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FocalSharp.Datasets.Reading;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Extracts ZIP files into the cache, where they are found again by their contents. Archives are untrusted: the number of entries, their total
/// size and their compression are bounded, and an entry whose path leaves the folder is an error. Links are not created.
/// </summary>
internal static class DatasetArchive
{
    private const int MaxEntries = 2_000_000;
    private const long MaxBytes = 512L << 30;

    // Annotations as text compress up to about fifty times; images do not compress.
    private const long MaxRatio = 100;
    private const long MinBound = 256L << 20;
    private static readonly TimeSpan MaxUnused = TimeSpan.FromDays(30);

    /// <summary>Returns what kind of archive a file is: "zip", the name of a kind that is not read, or null if it is none.</summary>
    public static string? GetKind(string path)
    {
        Span<byte> head = stackalloc byte[512];
        head.Clear();
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        int length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..length] switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => "zip",
            [0x1F, 0x8B, ..] => "gzip",
            [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => "7z",
            [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] => "RAR",
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "xz",
            { Length: 512 } tar when tar[257..262].SequenceEqual("ustar"u8) => "TAR",
            _ => null,
        };
    }

    /// <summary>Returns the folder with the contents of a ZIP file, extracting it unless that has been done before.</summary>
    /// <param name="path">The full path of the ZIP file.</param>
    /// <param name="given">The path as messages show it.</param>
    /// <param name="cache">The folder for extracted archives; null for that of the user.</param>
    /// <exception cref="DatasetException">The file is damaged, too large when extracted, or contains a path that leaves its folder.</exception>
    /// <exception cref="FileException">The cache cannot be written to.</exception>
    public static string Extract(string path, string given, string? cache = null)
    {
        string folder = cache ?? Path.Combine(CacheFolder.Locate(), "datasets");
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            using ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true, new ZipEntryNameEncoding());
            CheckBounds(archive, stream.Length, given);
            string target = Path.Combine(folder, GetKey(archive), GetSafeName(path));
            if (!Directory.Exists(target))
            {
                ExtractAll(archive, folder, target, given);
                RemoveUnused(folder, Path.GetDirectoryName(target)!);
            }

            Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(target)!, DateTime.UtcNow);
            return Descend(target);
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or ArgumentException or EndOfStreamException)
        {
            throw new DatasetException(
                $"{given}: cannot be read as a ZIP file ({ProblemLog.Sanitize(exception.Message)}). Download or create it again, or extract it and pass the folder.", exception)
            { Path = given };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"{folder}: {given} cannot be extracted into the cache ({exception.Message}). Free space, set {CacheFolder.EnvironmentVariable} to another folder, or extract it yourself.",
                exception)
            { Path = folder };
        }
    }

    private static void CheckBounds(ZipArchive archive, long length, string given)
    {
        long total = 0;
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            total = entry.Length < 0 || total > MaxBytes ? long.MaxValue : total + entry.Length;
        }

        string? reason = archive.Entries.Count > MaxEntries ? $"it has {archive.Entries.Count:N0} entries; the maximum is {MaxEntries:N0}"
            : total > MaxBytes || total > Math.Max(MinBound, length * MaxRatio) ? "its contents are too large for its size"
            : null;
        if (reason is not null)
        {
            throw new DatasetException($"{given}: the ZIP file is not extracted, because {reason}. Extract it yourself if you trust it, and pass the folder.") { Path = given };
        }
    }

    // Into a temporary folder first, so that an interrupted extraction is not taken for a complete one.
    private static void ExtractAll(ZipArchive archive, string folder, string target, string given)
    {
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            DatasetRoot root = new(temporary);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                string name = entry.FullName.Replace('\\', '/');
                if (IsFolder(name) || IsLink(entry) || name.StartsWith("__MACOSX/", StringComparison.Ordinal))
                {
                    continue;
                }

                string file = root.Resolve(temporary, name) is { } inside && inside != root.Folder
                    ? inside
                    : throw new DatasetException(
                        $"{given}: the ZIP file is not extracted, because '{ProblemLog.Sanitize(name)}' leaves its folder. Create it again without such paths.")
                    { Path = given };
                Write(entry, file);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            Directory.Move(temporary, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another process has extracted it in the meantime.
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static void Write(ZipArchiveEntry entry, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (File.Exists(file))
        {
            throw new InvalidDataException($"'{entry.FullName}' is contained twice");
        }

        using Stream content = entry.Open();
        using BoundedStream bounded = new(content, entry.Length, () => new InvalidDataException($"'{entry.FullName}' is longer than stated"));
        using FileStream output = new(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        bounded.CopyTo(output, 1 << 16);
    }

    private static bool IsFolder(string name) => name.EndsWith('/');

    // The upper half of the attributes is Unix' mode; a link is a file that contains its target.
    private static bool IsLink(ZipArchiveEntry entry) => ((entry.ExternalAttributes >> 16) & 0xF000) == 0xA000;

    // Names, checksums and sizes identify the contents, without reading them.
    private static string GetKey(ZipArchive archive)
    {
        StringBuilder list = new();
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            list.Append(CultureInfo.InvariantCulture, $"{entry.FullName}\n{entry.Crc32} {entry.Length} {entry.CompressedLength}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.ToString())))[..32];
    }

    private static string GetSafeName(string path)
    {
        string name = string.Concat(Path.GetFileNameWithoutExtension(path).Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ' ' ? c : '_')).Trim();
        return name.Length == 0 ? "archive" : name[..Math.Min(name.Length, 100)];
    }

    // An archive of a folder rather than of its contents.
    private static string Descend(string folder)
    {
        for (int depth = 0; depth < 4; depth++)
        {
            string[] entries = [.. Directory.EnumerateFileSystemEntries(folder).Take(2)];
            if (entries.Length != 1 || !Directory.Exists(entries[0]) || SplitNames.FromName(Path.GetFileName(entries[0])) != DatasetSplit.Unassigned)
            {
                break;
            }

            folder = entries[0];
        }

        return folder;
    }

    private static void RemoveUnused(string folder, string used)
    {
        foreach (string other in Directory.EnumerateDirectories(folder).Where(other => other != used && Directory.GetLastWriteTimeUtc(other) < DateTime.UtcNow - MaxUnused))
        {
            try
            {
                Directory.Delete(other, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // In use; the next extraction tries again.
            }
        }
    }
}
