using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>
/// Reads the lists of splits: those of <c>ImageSets/Main</c>, or text files named after a split anywhere below. <c>trainval</c> is the union of
/// <c>train</c> and <c>val</c>, so it only assigns images that no other list does: those are for training.
/// </summary>
internal sealed class VocSplits
{
    private const int MaxFilesSearched = 200_000;

    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(DatasetSplit Split, string Name)>> _splits = new(StringComparer.Ordinal);

    private VocSplits(IEnumerable<string> ids)
    {
        foreach (string id in ids)
        {
            // A file name identifies an image of a subfolder unless it occurs in several.
            _ids[FolderIndex.GetKey(id)] = id;
            string name = FolderIndex.GetKey(id[(id.LastIndexOf('/') + 1)..]);
            _ids[name] = _ids.TryGetValue(name, out string? other) && other != id && name != FolderIndex.GetKey(other) ? "" : id;
        }
    }

    /// <summary>Reads the lists of a folder.</summary>
    /// <param name="root">The folder that contains them.</param>
    /// <param name="ids">The paths of the XML files without extension, relative to their folder.</param>
    /// <param name="raw">Receives the problems.</param>
    public static VocSplits Read(string root, IReadOnlyList<string> ids, RawDataset raw)
    {
        VocSplits splits = new(ids);
        List<string> lists = FindLists(root);
        bool whole = lists.Exists(list => SplitNames.FromWholeName(Path.GetFileNameWithoutExtension(list)) != DatasetSplit.Unassigned);
        foreach (string list in lists.OrderBy(list => SplitNames.IsTrainVal(Path.GetFileNameWithoutExtension(list))).ThenBy(list => list, StringComparer.Ordinal))
        {
            splits.AddList(list, root, whole, raw);
        }

        return splits;
    }

    /// <summary>Returns the splits of an image with their names; empty if no list contains it.</summary>
    public IReadOnlyList<(DatasetSplit Split, string Name)> Get(string id) => _splits.TryGetValue(id, out List<(DatasetSplit, string)>? splits) ? splits : [];

    // ImageSets contains lists for other tasks, and its lists of classes have the name of the class before that of the split.
    private static List<string> FindLists(string root)
    {
        FolderIndex index = new();
        string? sets = index.Find(Path.Combine(root, "ImageSets"));
        string? main = sets is null ? null : index.Find(Path.Combine(sets, "Main")) ?? sets;
        IEnumerable<string> official = main is null ? [] : EnumerateText(Directory.EnumerateFiles(main));
        IEnumerable<string> others = EnumerateText(FolderTree.EnumerateFiles(root).Take(MaxFilesSearched))
            .Where(path => SplitNames.FromListName(Path.GetFileNameWithoutExtension(path)) != DatasetSplit.Unassigned
                && (main is null || !path.StartsWith(sets! + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
        return [.. official.Concat(others).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> EnumerateText(IEnumerable<string> files) =>
        files.Where(path => Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase));

    private void AddList(string list, string root, bool hasWholeNames, RawDataset raw)
    {
        string stem = Path.GetFileNameWithoutExtension(list);
        string shown = raw.Root.GetRelativePath(list);
        DatasetSplit split = hasWholeNames ? SplitNames.FromListName(stem) : SplitNames.FromName(stem);
        string[] lines = ReadLines(list, shown, raw.Log);
        if (lines.Length == 0 || (SplitNames.FromWholeName(stem) == DatasetSplit.Unassigned && Array.TrueForAll(lines, HasFlag)))
        {
            return; // a list of a class
        }

        (string Line, string? Id)[] entries = [.. lines.Select(line => (line, Find(line)))];
        bool official = Path.GetDirectoryName(list) is { } folder && Path.GetRelativePath(root, folder).StartsWith("ImageSets", StringComparison.OrdinalIgnoreCase);
        if (!official && !Array.Exists(entries, entry => entry.Id is not null))
        {
            return; // a text file of another kind
        }

        bool trainVal = SplitNames.IsTrainVal(stem);
        foreach ((string line, string? id) in entries)
        {
            if (id is null)
            {
                if (split != DatasetSplit.Unassigned)
                {
                    raw.Log.Add(DatasetProblemKind.UnreadableAnnotation, shown, "it has no readable XML file, skipped", "annotate the image or remove it from the list", line);
                }

                continue;
            }

            if (!_splits.TryGetValue(id, out List<(DatasetSplit Split, string Name)>? known))
            {
                _splits[id] = known = [];
            }

            // The union, or a list of another name, adds only what no split has.
            if (!known.Exists(other => other.Split == split) && (known.Count == 0 || !(trainVal || split == DatasetSplit.Unassigned)))
            {
                known.RemoveAll(other => other.Split == DatasetSplit.Unassigned);
                known.Add((split, split == DatasetSplit.Unassigned ? shown : stem));
            }
        }
    }

    private static string[] ReadLines(string path, string shown, ProblemLog log)
    {
        try
        {
            return [.. BoundedText.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        }
        catch (InvalidDataException exception)
        {
            log.Add(DatasetProblemKind.UnreadableAnnotation, shown, $"{exception.Message}, skipped", "split the list");
            return [];
        }
    }

    // The name may have an extension, folders of another machine before it, and a flag or another path after it; or contain spaces itself.
    private string? Find(string line) => FindName(line) ?? FindName(line.Split([' ', '\t'], 2)[0]);

    private string? FindName(string name)
    {
        string path = name.Replace('\\', '/');
        foreach (string candidate in new[] { path, Path.ChangeExtension(path, null) })
        {
            for (string? rest = candidate; rest is not null; rest = rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and int at ? rest[(at + 1)..] : null)
            {
                if (_ids.TryGetValue(FolderIndex.GetKey(rest), out string? id) && id.Length > 0)
                {
                    return id;
                }
            }
        }

        return null;
    }

    private static bool HasFlag(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [_, "1" or "-1" or "0"];
}
