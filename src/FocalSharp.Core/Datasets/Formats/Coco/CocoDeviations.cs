using System.Globalization;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>How a COCO file departs from the format: misspelled keys, lists of another type, and the keys that it has.</summary>
internal sealed class CocoDeviations
{
    private const int MaxKeys = 12;

    private readonly List<(string Given, string Expected)> _renamed = [];
    private readonly Dictionary<string, List<string>> _keys = [];
    private readonly List<string> _objects = [];
    private readonly List<(string List, string Type)> _wrongTypes = [];
    private readonly List<(string What, string Fix)> _notes = [];

    /// <summary>Gets the lists that are values of another type, such as a number.</summary>
    public IReadOnlyList<(string List, string Type)> WrongTypes => _wrongTypes;

    /// <summary>Records that a key was read as another one.</summary>
    public void AddRenamed(string list, string given, string expected)
    {
        (string, string) key = (list.Length == 0 ? given : $"{list}.{given}", expected);
        if (_renamed.Count < MaxKeys && !_renamed.Contains(key))
        {
            _renamed.Add(key);
        }
    }

    /// <summary>Records a list that is an object whose values are the elements.</summary>
    public void AddObject(string list) => _objects.Add(list);

    /// <summary>Records a list that is neither a list nor an object.</summary>
    public void AddWrongType(string list, string type) => _wrongTypes.Add((list, type));

    /// <summary>Records once what was understood although it departs from the format.</summary>
    public void AddNote(string what, string fix)
    {
        if (!_notes.Contains((what, fix)))
        {
            _notes.Add((what, fix));
        }
    }

    /// <summary>Records a key of the root (an empty list name) or of the first element of a list.</summary>
    public void AddKey(string list, string key)
    {
        if (!_keys.TryGetValue(list, out List<string>? keys))
        {
            _keys[list] = keys = [];
        }

        if (keys.Count < MaxKeys)
        {
            keys.Add(ProblemLog.Sanitize(key));
        }
    }

    /// <summary>Returns what annotations without boxes are by their keys; null if that is not known.</summary>
    public string? FindOtherTask() => !_keys.TryGetValue(CocoKeys.Annotations, out List<string>? keys) ? null
        : keys.Contains("caption") ? "captions"
        : keys.Contains("segments_info") ? "panoptic segments"
        : keys.Contains("question") ? "questions"
        : null;

    /// <summary>Returns the keys of the root or of the first element of a list, for messages.</summary>
    public string DescribeKeys(string list) =>
        _keys.TryGetValue(list, out List<string>? keys) ? string.Join(", ", keys.Select(key => $"'{key}'")) : "none";

    /// <summary>Reports the deviations.</summary>
    public void Report(string shown, ProblemLog log)
    {
        if (_renamed.Count > 0)
        {
            string keys = string.Join(", ", _renamed.Select(key => $"'{ProblemLog.Sanitize(key.Given)}' as '{key.Expected}'"));
            log.Add(DatasetProblemKind.NonStandard, shown, $"keys are read under near names: {keys}", "rename them");
        }

        foreach (string list in _objects)
        {
            log.Add(DatasetProblemKind.NonStandard, shown, $"'{list}' is an object instead of a list, its values are read", "write a list");
        }

        foreach ((string what, string fix) in _notes)
        {
            log.Add(DatasetProblemKind.NonStandard, shown, what, fix);
        }

        foreach ((string list, string type) in _wrongTypes)
        {
            log.Add(DatasetProblemKind.UnreadableAnnotation, shown, string.Create(CultureInfo.InvariantCulture, $"'{list}' is {type} instead of a list, skipped"), "export the file again");
        }
    }
}
