using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>
/// Maps category ids to labels 0, 1, … in file order, as the official code does. Across several files, categories with the same name are
/// the same class.
/// </summary>
internal sealed class CategoryTable
{
    private readonly List<string> _names = [];
    private readonly List<int> _ids = [];
    private readonly Dictionary<string, List<int>> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<int> _taken = [];
    private int _highest;

    public IReadOnlyList<string> Names => _names;

    public IReadOnlyList<int> Ids => _ids;

    /// <summary>Adds the categories of a file and returns its map from category id to label.</summary>
    public Dictionary<long, int> Add(CocoFile file, string shownFile, ProblemLog log)
    {
        Dictionary<long, int> labels = [];
        Dictionary<string, int> occurrences = new(StringComparer.Ordinal);
        foreach (CocoCategory category in file.Categories)
        {
            string? name = ClassNameParser.Clean(category.Name);
            if (category.Id is not { } id || name is null || id is < int.MinValue or > int.MaxValue)
            {
                log.Add(
                    DatasetProblemKind.UnknownCategory,
                    shownFile,
                    "a category has no usable id or name, skipped",
                    "give every category an id and a name");
                continue;
            }

            if (labels.ContainsKey(id))
            {
                log.Add(
                    DatasetProblemKind.DuplicateId,
                    shownFile,
                    $"category id {id} is used twice, the second is skipped",
                    "give each category its own id");
                continue;
            }

            // Names repeated within one file are separate classes; across files, the first of a name is the first of the other file.
            int occurrence = occurrences[name] = occurrences.GetValueOrDefault(name, -1) + 1;
            labels[id] = _byName.TryGetValue(name, out List<int>? known) && occurrence < known.Count ? known[occurrence] : Append(name, (int)id);
        }

        return labels;
    }

    private int Append(string name, int id)
    {
        int free = _taken.Add(id) ? id : FreeId();
        _highest = Math.Max(_highest, free);
        _ids.Add(free);
        _names.Add(name);
        if (!_byName.TryGetValue(name, out List<int>? labels))
        {
            _byName[name] = labels = [];
        }

        labels.Add(_names.Count - 1);
        return _names.Count - 1;
    }

    private int FreeId()
    {
        int id = _highest < int.MaxValue ? _highest + 1 : 1;
        while (!_taken.Add(id))
        {
            id++;
        }

        return id;
    }
}
