namespace FocalSharp.Models.Catalog;

/// <summary>Files inside a package of the npm registry.</summary>
public sealed record NpmModelSource : ModelSource
{
    /// <summary>The package's name.</summary>
    public required string Package { get; init; }

    /// <summary>Its exact version.</summary>
    public required string Version { get; init; }

    /// <summary>The registry's integrity value of the archive: SHA-512 in base 64.</summary>
    public required string Sha512 { get; init; }

    /// <summary>Length of the archive.</summary>
    public required long ArchiveBytes { get; init; }

    /// <summary>The files that are taken out of it; nothing else is.</summary>
    public required IReadOnlyList<PackageEntry> Files { get; init; }

    /// <summary>As npm wants it named.</summary>
    public string Specifier => $"{Package}@{Version}";

    /// <inheritdoc/>
    public override string Origin => $"npm package {Specifier}";

    /// <inheritdoc/>
    public override long TransferBytes => ArchiveBytes;
}
