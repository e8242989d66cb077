namespace FocalSharp.Datasets.Files;

/// <summary>The files below a folder, found once and looked up by extension and by name. Bounded in depth and count.</summary>
internal sealed class FileIndex
{
    private const int MaxDepth = 6;
    private const int MaxFolders = 20_000;
    private const int MaxFiles = 3_000_000;

    private readonly Dictionary<string, List<string>> _byExtension = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<string>> _byName = new(StringComparer.OrdinalIgnoreCase);
    private ILookup<string, string>? _byStem;

    /// <summary>Scans a folder, upper levels first; hidden files and folders are left out.</summary>
    public FileIndex(string folder)
    {
        EnumerationOptions options = new() { IgnoreInaccessible = true };
        Queue<(string Folder, int Depth)> open = new([(folder, 0)]);
        int files = 0;
        for (int folders = 0; open.Count > 0 && folders < MaxFolders; folders++)
        {
            (string place, int depth) = open.Dequeue();
            List<string> here = [.. Directory.EnumerateFiles(place, "*", options).Where(file => Path.GetFileName(file)[0] != '.').Take(MaxFiles - files)];
            here.Sort(StringComparer.Ordinal);
            files += here.Count;
            foreach (string file in here)
            {
                Add(_byExtension, Path.GetExtension(file), file);
                Add(_byName, Path.GetFileName(file), file);
            }

            if (depth == MaxDepth)
            {
                continue;
            }

            foreach (string child in Directory.EnumerateDirectories(place, "*", options).Order(StringComparer.Ordinal))
            {
                if (Path.GetFileName(child) is not (['.', ..] or "__MACOSX"))
                {
                    open.Enqueue((child, depth + 1));
                }
            }
        }
    }

    /// <summary>Returns the files with an extension, which includes its dot, ignoring its case; upper levels first.</summary>
    public IReadOnlyList<string> WithExtension(string extension) => _byExtension.GetValueOrDefault(extension) ?? [];

    /// <summary>Returns the files with a name, ignoring its case.</summary>
    public IReadOnlyList<string> WithName(string name) => _byName.GetValueOrDefault(name) ?? [];

    /// <summary>Returns the images with a name without extension.</summary>
    public IEnumerable<string> ImagesWithStem(string stem)
    {
        _byStem ??= _byName.Values.SelectMany(files => files).Where(HasImageExtension)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);
        return _byStem[stem];
    }

    /// <summary>Returns the images in a folder, not below it, in ordinal order.</summary>
    public IReadOnlyList<string> ImagesIn(string folder) =>
        [.. _byName.Values.SelectMany(files => files).Where(file => HasImageExtension(file) && Path.GetDirectoryName(file) == folder).Order(StringComparer.Ordinal)];

    private static bool HasImageExtension(string file) => ImageFiles.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static void Add(Dictionary<string, List<string>> lists, string key, string file)
    {
        if (!lists.TryGetValue(key, out List<string>? list))
        {
            lists[key] = list = [];
        }

        list.Add(file);
    }
}
