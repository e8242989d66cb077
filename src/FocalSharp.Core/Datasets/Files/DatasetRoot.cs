namespace FocalSharp.Datasets.Files;

/// <summary>
/// The folder that a data set may not leave. Annotations are untrusted: a name in them must stay below this folder once
/// <c>..</c> is resolved. The rule is one of text; links inside the folder are the owner's.
/// </summary>
internal sealed class DatasetRoot
{
    private readonly string _prefix;

    public DatasetRoot(string folder)
    {
        Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _prefix = Path.EndsInDirectorySeparator(Folder) ? Folder : Folder + Path.DirectorySeparatorChar;
    }

    public string Folder { get; }

    /// <summary>The full path of a name that an annotation gives, or null where it is absolute or leaves the root.</summary>
    public string? Resolve(string baseFolder, string name)
    {
        string portable = name.Replace('\\', '/');
        return IsAbsolute(portable) ? null : ResolveInside(baseFolder, portable);
    }

    /// <summary>As <see cref="Resolve"/>, but absolute paths within the root will do.</summary>
    public string? ResolveAllowingAbsolute(string baseFolder, string name) => ResolveInside(baseFolder, name.Replace('\\', '/'));

    public bool Contains(string fullPath) =>
        fullPath.Equals(Folder, StringComparison.Ordinal) || fullPath.StartsWith(_prefix, StringComparison.Ordinal);

    /// <summary>The path as messages show it: relative to the root, with forward slashes.</summary>
    public string GetRelativePath(string fullPath) => Path.GetRelativePath(Folder, fullPath).Replace('\\', '/');

    private string? ResolveInside(string baseFolder, string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        string full = Path.GetFullPath(Path.Combine(baseFolder, name));
        return Contains(full) ? full : null;
    }

    private static bool IsAbsolute(string name) =>
        name.StartsWith('/') || Path.IsPathRooted(name) || (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0]));
}
