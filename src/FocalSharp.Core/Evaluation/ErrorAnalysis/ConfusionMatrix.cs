using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>
/// Annotated against detected classes, at one score and one IoU. The diagonal is the matching of AP, so that precision and recall
/// computed from it equal those of the curves at this score; the remaining detections are matched across classes, highest score
/// first, with the free object of the highest IoU.
/// </summary>
internal sealed class ConfusionMatrix
{
    private readonly int[,] _counts;
    private readonly int[,] _errors;

    private ConfusionMatrix(IReadOnlyList<string> classes, double iou, double minScore, IReadOnlyList<ConfusionEntry> entries)
    {
        Classes = classes;
        Iou = iou;
        MinScore = minScore;
        Entries = entries;
        _counts = new int[classes.Count + 1, classes.Count + 1];
        _errors = new int[ErrorBreakdown.Kinds.Count, classes.Count];
        foreach (ConfusionEntry entry in entries)
        {
            _counts[entry.Annotated, entry.Detected]++;
            if (entry.Error is { } kind)
            {
                _errors[(int)kind, entry.Detected]++;
            }
        }
    }

    /// <summary>Gets the kinds of errors of detections that no object of the matrix accounts for, in the order in which a report lists them.</summary>
    public static IReadOnlyList<ErrorKind> UnmatchedKinds { get; } = [ErrorKind.Background, ErrorKind.Location, ErrorKind.Duplicate, ErrorKind.Class, ErrorKind.Both];

    /// <summary>Gets the class names; both axes have one more index for the background.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Gets the IoU threshold.</summary>
    public double Iou { get; }

    /// <summary>Gets the score threshold.</summary>
    public double MinScore { get; }

    /// <summary>Gets what the cells count: every detection, and every object that none of them accounts for.</summary>
    public IReadOnlyList<ConfusionEntry> Entries { get; }

    /// <summary>Gets the index of the background on both axes: nothing annotated, nothing detected.</summary>
    public int BackgroundIndex => Classes.Count;

    /// <summary>Returns how many objects of a class were detected as a class.</summary>
    /// <param name="annotated">Index of the annotated class, or <see cref="BackgroundIndex"/> for false positives and duplicates.</param>
    /// <param name="detected">Index of the detected class, or <see cref="BackgroundIndex"/> for missed objects.</param>
    public int this[int annotated, int detected] => _counts[annotated, detected];

    /// <summary>
    /// Returns how many of a class's detections in the row of <see cref="BackgroundIndex"/> have an error of a kind: on nothing annotated, badly located,
    /// a second one of an object, or on an object of another class that is found already. The kinds add up to the row.
    /// </summary>
    public int CountUnmatched(ErrorKind kind, int detected) => _errors[(int)kind, detected];

    /// <summary>Returns the fraction of a class's objects that were detected as this class; NaN without objects.</summary>
    public double Recall(int category) => (double)this[category, category] / Enumerable.Range(0, BackgroundIndex + 1).Sum(k => this[category, k]);

    /// <summary>Returns the fraction of a class's detections that are correct; NaN without detections.</summary>
    public double Precision(int category) => (double)this[category, category] / Enumerable.Range(0, BackgroundIndex + 1).Sum(k => this[k, category]);

    /// <summary>Computes the matrix.</summary>
    /// <param name="evaluated">The detections above a score.</param>
    public static ConfusionMatrix Compute(MatchedDetections evaluated)
    {
        int nothing = evaluated.Categories.Count;
        List<ConfusionEntry> entries = [];
        Dictionary<int, int> free = evaluated.Objects.Where(item => item.FoundBy < 0).ToDictionary(item => item.Position, item => item.Category);
        GroundTruthIndex images = new(evaluated.Truth, free.Keys.Order());
        foreach (MatchedDetection one in evaluated.Detections.OrderByDescending(one => evaluated.Results[one.Position].Score))
        {
            if (one.Error is null)
            {
                entries.Add(new ConfusionEntry(one.Category, one.Category, null, one.Truth, one.Position));
                continue;
            }

            CocoResult result = evaluated.Results[one.Position];
            (int position, double iou) = images.ForImage(result.ImageId)
                .Where(candidate => free.TryGetValue(candidate, out int annotated) && annotated != one.Category)
                .Select(candidate => (candidate, result.Box.Overlap(evaluated.Truth[candidate].Box, isCrowd: false)))
                .DefaultIfEmpty((-1, 0)).MaxBy(pair => pair.Item2);
            bool isOnObject = position >= 0 && iou >= evaluated.Iou;
            entries.Add(isOnObject
                ? new ConfusionEntry(free[position], one.Category, null, position, one.Position)
                : new ConfusionEntry(nothing, one.Category, one.Error, -1, one.Position));
            if (isOnObject)
            {
                free.Remove(position);
            }
        }

        entries.AddRange(free.Select(item => new ConfusionEntry(item.Value, nothing, null, item.Key, -1)));
        return new ConfusionMatrix([.. evaluated.Categories.Select(category => category.Name)], evaluated.Iou, evaluated.MinScore, entries);
    }
}

/// <summary>One count of a cell.</summary>
/// <param name="Annotated">The row.</param>
/// <param name="Detected">The column.</param>
/// <param name="Error">The kind of error of a detection in the row of the background; otherwise null.</param>
/// <param name="Truth">Position in the ground truth of the object; −1 in the row of the background.</param>
/// <param name="Detection">Position in the results of the detection; −1 in the column of the background.</param>
internal readonly record struct ConfusionEntry(int Annotated, int Detected, ErrorKind? Error, int Truth, int Detection);
