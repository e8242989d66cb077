namespace FocalSharp.Datasets.Reading;

/// <summary>Collects the problems of a data set; each message says what is wrong, where, and how to fix it.</summary>
public sealed class ProblemLog
{
    // A broken export repeats one problem a million times: all are counted, but only this many of each kind are described.
    private const int MaxDescribed = 20_000;

    // Beyond this, causes of one kind share one description.
    private const int MaxCauses = 1000;

    private readonly List<DatasetProblem> _problems = [];
    private readonly Dictionary<DatasetProblemKind, int> _described = [];
    private readonly Dictionary<(DatasetProblemKind, string), DatasetProblem> _overflow = [];
    private (DatasetProblemKind Kind, string What, string Fix) _last;
    private DatasetProblem? _lastOverflow;

    /// <summary>Gets the problems so far.</summary>
    public IReadOnlyList<DatasetProblem> Problems => _problems;

    /// <summary>Adds a problem. The message reads "file: image: box (place): what; fix."</summary>
    /// <param name="kind">The kind of problem.</param>
    /// <param name="file">The annotation file.</param>
    /// <param name="what">What is wrong and how it was handled.</param>
    /// <param name="fix">How to fix it.</param>
    /// <param name="image">The image, or null.</param>
    /// <param name="box">The box's position in its image, or null.</param>
    /// <param name="place">The box's place in the file, for example "line 4", or null.</param>
    public void Add(
        DatasetProblemKind kind,
        string file,
        string what,
        string fix,
        string? image = null,
        int? box = null,
        string? place = null)
    {
        int described = _described[kind] = _described.GetValueOrDefault(kind) + 1;
        if (described > MaxDescribed)
        {
            // Most of a million problems are like the one before, and its description needs no memory.
            if (_last != (kind, what, fix))
            {
                _last = (kind, what, fix);
                _lastOverflow = GetOverflow(kind, file, $"{what}; {fix}", fix);
            }

            _problems.Add(_lastOverflow!);
            return;
        }

        string cause = $"{what}; {fix}";

        string where = image is null ? Sanitize(file) : $"{Sanitize(file)}: image '{Sanitize(image)}'";
        string which =
            box is null ? place is null ? "" : $"{place}: " : place is null ? $"box {box}: " : $"box {box} ({place}): ";
        _problems.Add(new DatasetProblem(kind, file, image, box, $"{where}: {which}{what}; {fix}.")
        {
            Cause = cause,
            Place = GetPlace(file, image, box, place),
        });
    }

    // The problems beyond the maximum share an instance per cause, so that they are still counted by cause.
    private DatasetProblem GetOverflow(DatasetProblemKind kind, string file, string cause, string fix)
    {
        string key = _overflow.Count < MaxCauses ? ProblemGroup.RemoveValues(cause) : "";
        if (!_overflow.TryGetValue((kind, key), out DatasetProblem? further))
        {
            string rest = $"more than {MaxDescribed:N0} problems of this kind, the rest are not described; {fix}";
            _overflow[(kind, key)] = further = new DatasetProblem(kind, file, null, null, $"{Sanitize(file)}: {rest}.") { Cause = key.Length > 0 ? cause : rest };
        }

        return further;
    }

    private static string GetPlace(string file, string? image, int? box, string? place)
    {
        string what = place ?? (box is { } index ? $"box {index}" : "");
        string where = image is not null && what.Length == 0 ? $"{file} ('{image}')" : file;
        return Sanitize(what.Length == 0 ? where : $"{where} {what}");
    }

    /// <summary>Adds a problem if the encoding of a file was guessed.</summary>
    /// <param name="encoding">The encoding, or null if it is certain.</param>
    /// <param name="file">The file.</param>
    internal void AddGuessedEncoding(string? encoding, string file)
    {
        if (encoding is not null)
        {
            Add(
                DatasetProblemKind.LegacyEncoding,
                file,
                $"it is not UTF-8 and declares no encoding; it was read as {encoding}",
                "check the class names, and save the file as UTF-8");
        }
    }

    /// <summary>Returns text from a file for use in a message: one line, without control characters, at most 200 characters.</summary>
    internal static string Sanitize(string text)
    {
        string clean = string.Create(Math.Min(text.Length, 200), text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
        return clean.Length < text.Length ? clean + "…" : clean;
    }
}
