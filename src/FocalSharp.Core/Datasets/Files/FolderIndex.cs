namespace FocalSharp.Datasets.Files;

/// <summary>
/// Finds files and folders whose names differ from the given ones only in case or in Unicode normalization. Each folder is listed once.
/// Not thread-safe.
/// </summary>
internal sealed class FolderIndex
{
    private static readonly Listing Empty = new([]);
    private readonly Dictionary<string, Listing> _folders = new(StringComparer.Ordinal);

    /// <summary>Returns the path if it exists, otherwise the existing path that differs only in case or normalization, or null.</summary>
    /// <param name="fullPath">A full path; its result is in the same folder, apart from such differences.</param>
    public string? Find(string fullPath)
    {
        if (Path.Exists(fullPath))
        {
            return fullPath;
        }

        return Path.GetDirectoryName(fullPath) is { } parent && Find(parent) is { } folder && Get(folder).Find(Path.GetFileName(fullPath)) is { } name
            ? Path.Combine(folder, name)
            : null;
    }

    /// <summary>Returns whether a folder directly contains an entry with exactly this name.</summary>
    public bool Contains(string folder, string name) => Get(folder).Names.Contains(name);

    /// <summary>Returns the entry of a folder with this name, or one that differs only in case or normalization; null if there is none.</summary>
    public string? FindIn(string folder, string name) => Get(folder).Find(name);

    /// <summary>Returns the image of a folder with a name without extension, which may differ in case or normalization; null if there is none.</summary>
    public string? FindImage(string folder, string stem) => Get(folder).FindImage(stem) is { } name ? Path.Combine(folder, name)
        : Contains(folder, stem) ? ImageFiles.FindByStem(folder, stem) : null;

    /// <summary>Returns the names of the entries of a folder; empty if it does not exist.</summary>
    public IReadOnlyCollection<string> GetNames(string folder) => Get(folder).Names;

    /// <summary>Returns a form of a name that is the same for names that differ only in case or normalization.</summary>
    public static string GetKey(string name) => CanonicalComposition.Compose(name).ToUpperInvariant();

    private Listing Get(string folder)
    {
        if (!_folders.TryGetValue(folder, out Listing? listing))
        {
            EnumerationOptions options = new() { IgnoreInaccessible = true };
            _folders[folder] = listing = Directory.Exists(folder)
                ? new Listing([.. Directory.EnumerateFileSystemEntries(folder, "*", options).Select(path => Path.GetFileName(path))])
                : Empty;
        }

        return listing;
    }

    private sealed class Listing(HashSet<string> names)
    {
        private ILookup<string, string>? _keys;
        private ILookup<string, string>? _images;

        public HashSet<string> Names { get; } = names;

        // Of several extensions, the one that is tried first for all formats.
        public string? FindImage(string stem)
        {
            _images ??= Names.Where(name => ImageFiles.HasImageExtension(Path.GetExtension(name))).ToLookup(name => GetKey(Path.GetFileNameWithoutExtension(name)));
            return _images[GetKey(stem)]
                .OrderBy(name => Path.GetFileNameWithoutExtension(name) != stem)
                .ThenBy(name => Array.FindIndex(ImageFiles.Extensions, extension => extension.Equals(Path.GetExtension(name), StringComparison.OrdinalIgnoreCase)))
                .ThenBy(name => name, StringComparer.Ordinal)
                .FirstOrDefault();
        }

        public string? Find(string name)
        {
            if (Names.Contains(name))
            {
                return name;
            }

            _keys ??= Names.ToLookup(GetKey);
            string composed = CanonicalComposition.Compose(name);
            return _keys[GetKey(name)].OrderBy(found => CanonicalComposition.Compose(found) != composed).ThenBy(found => found, StringComparer.Ordinal).FirstOrDefault();
        }
    }
}
