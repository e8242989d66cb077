namespace FocalSharp.Datasets.Files;

/// <summary>
/// The folder that contains a data set. Annotations are untrusted: paths in them must stay below this folder after <c>..</c> is resolved.
/// Paths are compared as text; symbolic links inside the folder are followed.
/// </summary>
public sealed class DatasetRoot
{
    // No system opens longer paths; annotations are untrusted.
    private const int MaxPathLength = 4096;

    private readonly string _prefix;

    /// <summary>Creates a root.</summary>
    /// <param name="folder">The folder.</param>
    public DatasetRoot(string folder)
    {
        Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _prefix = Path.EndsInDirectorySeparator(Folder) ? Folder : Folder + Path.DirectorySeparatorChar;
    }

    /// <summary>Gets the full path, without a trailing separator.</summary>
    public string Folder { get; }

    /// <summary>Returns the full path of a relative path in an annotation, or null if it is absolute or leaves the root.</summary>
    /// <param name="baseFolder">The folder that the path is relative to.</param>
    /// <param name="name">The path, with forward or backward slashes.</param>
    public string? Resolve(string baseFolder, string name)
    {
        string portable = name.Replace('\\', '/');
        return IsAbsolute(portable) ? null : ResolveInside(baseFolder, portable);
    }

    /// <summary>Returns the full path of a path in an annotation, which may be absolute, or null if it leaves the root.</summary>
    /// <param name="baseFolder">The folder that the path is relative to.</param>
    /// <param name="name">The path, with forward or backward slashes.</param>
    public string? ResolveAllowingAbsolute(string baseFolder, string name) => ResolveInside(baseFolder, name.Replace('\\', '/'));

    /// <summary>Returns whether a full path is the root or lies below it.</summary>
    /// <param name="fullPath">The path.</param>
    public bool Contains(string fullPath) =>
        fullPath.Equals(Folder, StringComparison.Ordinal) || fullPath.StartsWith(_prefix, StringComparison.Ordinal);

    /// <summary>Returns a path for use in messages: relative to the root, with forward slashes.</summary>
    /// <param name="fullPath">The path.</param>
    public string GetRelativePath(string fullPath) => Path.GetRelativePath(Folder, fullPath).Replace('\\', '/');

    private string? ResolveInside(string baseFolder, string name)
    {
        if (name.Length is 0 or > MaxPathLength || name.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        string full = Path.GetFullPath(Path.Combine(baseFolder, name));
        return Contains(full) ? full : null;
    }

    private static bool IsAbsolute(string name) =>
        name.StartsWith('/') || Path.IsPathRooted(name) || (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0]));
}
