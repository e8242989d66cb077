using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>Finds the images of the sources of a YOLO data set: folders, image files and lists of image files.</summary>
/// <param name="raw">Receives the problems and the searched folders.</param>
/// <param name="shown">The file that names the sources, as messages show it.</param>
/// <param name="sources">All sources of the data set.</param>
internal sealed class YoloSourceReader(RawDataset raw, string shown, IReadOnlyList<YoloSource> sources)
{
    // So many repeated lines of a list are reported one by one.
    private const int MaxRepeated = 1000;

    private static readonly string[] ImageFolders = ["images", "JPEGImages", "imgs", "data"];

    private readonly DatasetRoot _root = raw.Root;
    private readonly FolderIndex _index = new();
    private readonly HashSet<(DatasetSplit, string)> _seen = [];
    private readonly Dictionary<string, YoloSource> _moved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _found = new(StringComparer.Ordinal);
    private readonly List<YoloSource> _missing = [];
    private string[]? _places;

    /// <summary>Gets what was understood although it is not standard.</summary>
    public NoteCollector Notes { get; } = new(DatasetProblemKind.NonStandard);

    /// <summary>Returns whether a source exists where it is stated.</summary>
    public static bool Exists(YoloSource source, DatasetRoot root) => FindStated(source.Path, root, new FolderIndex()) is not null;

    /// <summary>Returns the images of a source with their names. A source that does not exist or leaves the root is reported.</summary>
    public IEnumerable<(string Path, string Name)> ReadImages(YoloSource source)
    {
        if (!_found.TryGetValue(source.Path, out string? place))
        {
            _found[source.Path] = place = Find(source);
        }

        if (place is null)
        {
            _missing.Add(source);
            return [];
        }

        if (!_seen.Add((source.Split, place)))
        {
            return []; // listed more than once for the same split
        }

        raw.SearchedImageFolders.Add(place);
        (string Path, string Name)[] images = Directory.Exists(place)
            ? [.. ImageFiles.EnumerateRecursive(place).Select(path => (path, Path.GetRelativePath(place, path).Replace('\\', '/')))]
            : ImageFiles.IsImage(place) ? [(place, Path.GetFileName(place))] : [.. ReadList(place)];
        if (images.Length == 0)
        {
            _missing.Add(source);
            raw.Log.Add(DatasetProblemKind.MissingSplit, shown, $"'{ProblemLog.Sanitize(source.Path)}' contains no image", "add images or remove the split");
        }

        return images;
    }

    /// <summary>Returns whether the first lines of a text file name images of the data set.</summary>
    public bool IsImageList(string list)
    {
        const int MaxLines = 3;
        try
        {
            string folder = Path.GetDirectoryName(list)!;
            return new FileInfo(list).Length is > 0 and <= BoundedText.MaxListBytes
                && File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Take(MaxLines)
                    .Any(line => (FindImage(_root.ResolveAllowingAbsolute(folder, line)) ?? FindImage(_root.ResolveAllowingAbsolute(_root.Folder, line))
                        ?? FindElsewhere(line, folder, list)) is not null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Records the splits whose sources have no image.</summary>
    public void RecordMissingSplits()
    {
        foreach (YoloSource source in _missing)
        {
            if (!raw.Images.Any(image => image.Split == source.Split))
            {
                raw.MissingSplits.Add((source.Split, source.Path));
            }
        }
    }

    private string? Find(YoloSource source)
    {
        if (FindStated(source.Path, _root, _index) is { } stated)
        {
            return stated;
        }

        bool escapes = _root.ResolveAllowingAbsolute(_root.Folder, source.Path) is null && !IsRoboflow(source.Path);
        string given = ProblemLog.Sanitize(source.Path);
        if (PathSuffixes.Find(_root, source.Path, [_root.Folder], _index, GetMinParts(source.Path)) is { } moved)
        {
            // Two splits that end alike cannot be distinguished.
            if (_moved.TryAdd(moved, source) || _moved[moved].Split == source.Split || _moved[moved].Path == source.Path)
            {
                if (!IsDarknet(source.Path))
                {
                    Notes.Add($"'{given}' does not exist, '{_root.GetRelativePath(moved)}' in the data set's folder is used", "correct the path", shown);
                }

                return moved;
            }
        }

        if (escapes)
        {
            raw.Log.Add(DatasetProblemKind.EscapingPath, shown, $"'{given}' leaves the data set's folder, skipped", "write it relative to that folder, or set the folder with 'path:'");
        }
        else
        {
            raw.Log.Add(DatasetProblemKind.MissingSplit, shown, $"'{given}' is neither a folder nor a list file, skipped", $"correct the path or remove the key.{Suggest(source.Path)}".TrimEnd('.'));
        }

        return null;
    }

    // The last name alone is enough if it is that of a split, or if all sources are the same: images/ may contain every split.
    private int GetMinParts(string path)
    {
        string name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path.Replace('\\', '/')));
        return SplitNames.FromName(name) != DatasetSplit.Unassigned || sources.All(source => source.Path == path) ? 1 : 2;
    }

    // Roboflow writes ../train/images into a data.yaml that is in the same folder as train/.
    private static string? FindStated(string source, DatasetRoot root, FolderIndex index)
    {
        string portable = source.Replace('\\', '/');
        if (root.ResolveAllowingAbsolute(root.Folder, portable) is { } direct && index.Find(direct) is { } found)
        {
            return found;
        }

        while (portable.StartsWith("../", StringComparison.Ordinal))
        {
            portable = portable[3..];
            if (portable.Length > 0 && root.Resolve(root.Folder, portable) is { } stripped && index.Find(stripped) is { } inside)
            {
                return inside;
            }
        }

        return null;
    }

    // ../valid/images means the folder of the split beside the data.yaml.
    private static bool IsRoboflow(string path) =>
        path.Replace('\\', '/').Split('/') is ["..", { } split, ..] && SplitNames.FromWholeName(split) != DatasetSplit.Unassigned;

    private string Suggest(string source)
    {
        string? full = _root.ResolveAllowingAbsolute(_root.Folder, source);
        string? parent = full is null ? null : Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(full));
        return parent is null ? "" : Suggestions.DidYouMean(Path.GetFileName(Path.TrimEndingDirectorySeparator(full!)), _index.GetNames(parent));
    }

    private IEnumerable<(string Path, string Name)> ReadList(string list)
    {
        string file = _root.GetRelativePath(list);
        string folder = Path.GetDirectoryName(list)!;
        string[] lines;
        try
        {
            lines = BoundedText.ReadLines(list);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            raw.Log.Add(DatasetProblemKind.UnreadableAnnotation, file, $"the list cannot be read ({ProblemLog.Sanitize(exception.Message)}), skipped", "fix the file");
            yield break;
        }

        Dictionary<string, string?> found = new(StringComparer.Ordinal); // a list may repeat its lines
        int repeated = 0;
        foreach (string line in lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (!found.TryGetValue(line, out string? path))
            {
                string? inRoot = _root.ResolveAllowingAbsolute(_root.Folder, line);
                string? besideList = _root.ResolveAllowingAbsolute(folder, line);
                found[line] = path = FindImage(besideList) ?? FindImage(inRoot) ?? FindElsewhere(line, folder, file) ?? inRoot ?? besideList;
            }
            else if (++repeated > MaxRepeated)
            {
                continue;
            }

            if (path is not null)
            {
                yield return (path, _root.GetRelativePath(path));
                continue;
            }

            raw.Log.Add(DatasetProblemKind.EscapingPath, file, "the path leaves the data set's folder, skipped", "write it relative to that folder", line);
        }

        if (repeated > MaxRepeated)
        {
            raw.Log.Add(DatasetProblemKind.DuplicateId, file, $"{repeated - MaxRepeated} further lines repeat earlier ones, skipped", "list each image once");
        }
    }

    private string? FindImage(string? path) => path is null ? null
        : File.Exists(path) ? path
        : Path.GetDirectoryName(path) is { } folder && _index.FindImage(folder, Path.GetFileName(path)) is { } withExtension ? withExtension
        : _index.Find(path) is { } near && File.Exists(near) ? near : null;

    // Names without a folder, a number after the name as in VOC's lists, and paths of another machine.
    private string? FindElsewhere(string line, string folder, string file)
    {
        _places ??= [.. GetPlaces().Distinct(StringComparer.Ordinal)];
        foreach (string name in new[] { line, line.Split([' ', '\t'], 2)[0] }.Distinct())
        {
            foreach (string place in _places)
            {
                if (_root.Resolve(place, name) is { } path && FindImage(path) is { } image)
                {
                    return image;
                }
            }
        }

        if (PathSuffixes.Find(_root, line, [folder, .. _places]) is not { } moved || !File.Exists(moved))
        {
            return null;
        }

        if (!IsDarknet(line))
        {
            Notes.Add("paths in lists do not exist; the files of that name in the data set's folder are used", "correct the paths", file, $"'{ProblemLog.Sanitize(line)}'");
        }

        return moved;
    }

    // Darknet's own paths begin with data/, in the folder that it is run in.
    private static bool IsDarknet(string path) => path.StartsWith("data/", StringComparison.Ordinal);

    private IEnumerable<string> GetPlaces()
    {
        yield return _root.Folder;
        foreach (string images in ImageFolders.Select(name => _index.Find(Path.Combine(_root.Folder, name))).OfType<string>().Where(Directory.Exists))
        {
            yield return images;
            foreach ((_, string folder) in SplitNames.FindFolders(images))
            {
                yield return folder;
            }
        }
    }
}
