using System.Globalization;

namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Counts what was understood although it departs from the format, so that it is reported once with the first three places instead of once
/// for each label.
/// </summary>
/// <param name="kind">The kind of problem to report.</param>
internal sealed class NoteCollector(DatasetProblemKind kind)
{
    private const int MaxPlaces = 3;

    private readonly Dictionary<(string What, string Fix), (List<string> Places, int[] Count, string File)> _notes = [];

    /// <summary>Counts a place.</summary>
    /// <param name="what">What was found and how it was read, as a clause, for example "labels have a confidence, which is ignored".</param>
    /// <param name="fix">What to do about it.</param>
    /// <param name="file">The file.</param>
    /// <param name="place">The place in the file, or null.</param>
    public void Add(string what, string fix, string file, string? place = null)
    {
        if (!_notes.TryGetValue((what, fix), out (List<string> Places, int[] Count, string File) note))
        {
            _notes[(what, fix)] = note = ([], [0], file);
        }

        note.Count[0]++;
        if (note.Places.Count < MaxPlaces)
        {
            note.Places.Add(ProblemLog.Sanitize(place is null ? file : $"{file} {place}"));
        }
    }

    /// <summary>Reports every note once.</summary>
    public void Report(ProblemLog log)
    {
        foreach (((string what, string fix), (List<string> places, int[] count, string file)) in _notes)
        {
            log.Add(kind, file, string.Create(CultureInfo.InvariantCulture, $"{what} ({count[0]:N0}: {string.Join(", ", places)}{(count[0] > places.Count ? ", …" : "")})"), fix);
        }

        _notes.Clear();
    }
}
