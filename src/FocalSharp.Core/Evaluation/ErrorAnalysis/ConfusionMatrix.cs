using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>
/// What was annotated against what was detected, at one score and one IoU. The diagonal is AP's own matching, so that precision and recall
/// read from it are those of the curves at this score; what that leaves over is paired across classes, the surest detection
/// first, with the free object that it overlaps most.
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;

    private ConfusionMatrix(IReadOnlyList<string> classes, double iou, double minScore, int[,] counts)
    {
        Classes = classes;
        Iou = iou;
        MinScore = minScore;
        _counts = counts;
    }

    /// <summary>Class names; both axes have one place more, for nothing.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The IoU from which a detection is on an object.</summary>
    public double Iou { get; }

    /// <summary>The score below which detections were left out.</summary>
    public double MinScore { get; }

    /// <summary>The place of nothing on both axes: nothing annotated, nothing detected.</summary>
    public int BackgroundIndex => Classes.Count;

    /// <summary>How many objects of a class were detected as a class.</summary>
    /// <param name="annotated">Position of the annotated class, or <see cref="BackgroundIndex"/>: false alarms and duplicates.</param>
    /// <param name="detected">Position of the detected class, or <see cref="BackgroundIndex"/>: objects not found.</param>
    public int this[int annotated, int detected] => _counts[annotated, detected];

    /// <summary>Share of a class's objects that were found as what they are; NaN without objects.</summary>
    public double Recall(int category) => (double)this[category, category] / Enumerable.Range(0, BackgroundIndex + 1).Sum(k => this[category, k]);

    /// <summary>Share of a class's detections that are right; NaN without detections.</summary>
    public double Precision(int category) => (double)this[category, category] / Enumerable.Range(0, BackgroundIndex + 1).Sum(k => this[k, category]);

    /// <summary>Counts.</summary>
    /// <param name="evaluated">The detections above a score.</param>
    public static ConfusionMatrix Compute(MatchedDetections evaluated)
    {
        int nothing = evaluated.Categories.Count;
        int[,] counts = new int[nothing + 1, nothing + 1];
        Dictionary<int, int> free = evaluated.Objects.Where(item => item.FoundBy < 0).ToDictionary(item => item.Position, item => item.Category);
        GroundTruthIndex images = new(evaluated.Truth, free.Keys.Order());
        foreach (MatchedDetection one in evaluated.Detections.OrderByDescending(one => evaluated.Results[one.Position].Score))
        {
            if (one.Error is null)
            {
                counts[one.Category, one.Category]++;
                continue;
            }

            CocoResult result = evaluated.Results[one.Position];
            (int position, double iou) = images.ForImage(result.ImageId)
                .Where(candidate => free.TryGetValue(candidate, out int annotated) && annotated != one.Category)
                .Select(candidate => (candidate, result.Box.Overlap(evaluated.Truth[candidate].Box, isCrowd: false)))
                .DefaultIfEmpty((-1, 0)).MaxBy(pair => pair.Item2);
            bool isOnObject = position >= 0 && iou >= evaluated.Iou;
            counts[isOnObject ? free[position] : nothing, one.Category]++;
            if (isOnObject)
            {
                free.Remove(position);
            }
        }

        foreach (int category in free.Values)
        {
            counts[category, nothing]++;
        }

        return new ConfusionMatrix([.. evaluated.Categories.Select(category => category.Name)], evaluated.Iou, evaluated.MinScore, counts);
    }
}
