namespace FocalSharp.Datasets.Reading;

/// <summary>Collects faults; each message says what, where and the way out.</summary>
internal sealed class ProblemLog
{
    // A broken export repeats one fault a million times; all are counted, and so many of each kind described.
    private const int MaxDescribed = 20_000;

    private readonly List<DatasetProblem> _problems = [];
    private readonly Dictionary<DatasetProblemKind, int> _described = [];
    private readonly Dictionary<DatasetProblemKind, DatasetProblem> _overflow = [];

    public IReadOnlyList<DatasetProblem> Problems => _problems;

    /// <param name="kind">What kind of fault.</param>
    /// <param name="file">The annotation file.</param>
    /// <param name="what">What is wrong and what was done about it.</param>
    /// <param name="fix">How to mend it.</param>
    /// <param name="image">The image concerned.</param>
    /// <param name="box">The box's position in its image.</param>
    /// <param name="place">Where the box stands in the file, as "line 4".</param>
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
            if (!_overflow.TryGetValue(kind, out DatasetProblem? further))
            {
                _overflow[kind] = further = new DatasetProblem(
                    kind, file, null, null, $"{Sanitize(file)}: more faults of this kind than the {MaxDescribed:N0} described; {fix}.");
            }

            _problems.Add(further);
            return;
        }

        string where = image is null ? Sanitize(file) : $"{Sanitize(file)}: image '{Sanitize(image)}'";
        string which =
            box is null ? place is null ? "" : $"{place}: " : place is null ? $"box {box}: " : $"box {box} ({place}): ";
        _problems.Add(new DatasetProblem(kind, file, image, box, $"{where}: {which}{what}; {fix}."));
    }

    /// <summary>Text from a file as a message may show it: one line, no control characters, not endless.</summary>
    public static string Sanitize(string text)
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
