using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>
/// The cost of each kind of error in AP: the AP with only this kind corrected, minus the actual AP (TIDE, section 2.3). The
/// gains do not add up to 1 − AP, because errors hide one another.
/// </summary>
/// <remarks>
/// Correcting a wrong class or location makes it right if the object is still free, for the most confident of its detections, and removes the
/// others; duplicates, background and combined errors are removed; missed objects are not counted. AP is at one IoU, the mean over
/// the classes with objects; <see cref="Mean(IReadOnlyList{ErrorBreakdown})"/> combines several to COCO's AP.
/// </remarks>
internal sealed record ErrorBreakdown
{
    /// <summary>Gets the kinds in the order of the paper.</summary>
    public static IReadOnlyList<ErrorKind> Kinds { get; } = Enum.GetValues<ErrorKind>();

    /// <summary>Gets the IoU threshold of a correct detection; NaN for a mean over several.</summary>
    public required double Iou { get; init; }

    /// <summary>Gets the actual AP, equal to COCO's at this IoU; −1 without objects.</summary>
    public required double AP { get; init; }

    /// <summary>Gets the six kinds, in the order of <see cref="Kinds"/>.</summary>
    public required IReadOnlyList<ErrorImpact> Impacts { get; init; }

    /// <summary>Gets the cost of one kind.</summary>
    public ErrorImpact this[ErrorKind kind] => Impacts[(int)kind];

    /// <summary>Computes the cost of each kind of error.</summary>
    /// <param name="evaluated">All detections, regardless of score, because AP includes all.</param>
    public static ErrorBreakdown Compute(MatchedDetections evaluated)
    {
        HashSet<int> fixable = FindFixable(evaluated);
        double[] before = ComputeByClass(evaluated, null, fixable);
        return new ErrorBreakdown
        {
            Iou = evaluated.Iou,
            AP = Mean(before),
            Impacts = [.. Kinds.Select(kind => ComputeImpact(evaluated, kind, before, fixable))],
        };
    }

    /// <summary>Returns the mean over breakdowns at several IoU thresholds, like COCO's AP; the counts are those of the first.</summary>
    public static ErrorBreakdown Mean(IReadOnlyList<ErrorBreakdown> breakdowns) => new()
    {
        Iou = double.NaN,
        AP = breakdowns.Average(breakdown => breakdown.AP),
        Impacts =
        [
            .. Kinds.Select(kind => new ErrorImpact(
                kind,
                breakdowns[0][kind].Count,
                breakdowns.Average(breakdown => breakdown[kind].LostAP),
                [.. breakdowns[0][kind].LostByClass.Select((_, k) => Mean([.. breakdowns.Select(breakdown => breakdown[kind].LostByClass[k])]))])),
        ],
    };

    private static ErrorImpact ComputeImpact(MatchedDetections evaluated, ErrorKind kind, double[] before, HashSet<int> fixable)
    {
        int count = kind == ErrorKind.Missed ? evaluated.Objects.Count(item => item.IsMissed) : evaluated.Detections.Count(one => one.Error == kind);
        double[] after = count == 0 ? before : ComputeByClass(evaluated, kind, fixable);
        return new ErrorImpact(kind, count, Math.Max(0, Mean(after) - Mean(before)), [.. after.Zip(before, (now, then) => then < 0 ? -1 : Math.Max(0, now - then))]);
    }

    // For each free object, the most confident detection with a class or location error on it, as in TIDE's reference code.
    private static HashSet<int> FindFixable(MatchedDetections evaluated)
    {
        HashSet<int> found = [.. evaluated.Objects.Where(item => item.FoundBy >= 0).Select(item => item.Position)];
        return
        [
            .. evaluated.Detections
                .Where(one => one.Error is ErrorKind.Class or ErrorKind.Location && !found.Contains(one.Truth))
                .GroupBy(one => one.Truth)
                .Select(group => group.MaxBy(one => evaluated.Results[one.Position].Score).Position),
        ];
    }

    private static double[] ComputeByClass(MatchedDetections evaluated, ErrorKind? repaired, HashSet<int> fixable)
    {
        List<(double Score, bool IsRight)>[] lists = [.. evaluated.Categories.Select(_ => new List<(double, bool)>())];
        int[] objects = new int[lists.Length];
        int[] missed = new int[lists.Length];
        Dictionary<int, int> classOf = new(evaluated.Objects.Count);
        foreach (MatchedGroundTruth item in evaluated.Objects)
        {
            objects[item.Category]++;
            missed[item.Category] += item.IsMissed ? 1 : 0;
            classOf[item.Position] = item.Category;
        }

        foreach (MatchedDetection one in evaluated.Detections)
        {
            double score = evaluated.Results[one.Position].Score;
            if (one.Error is null || one.Error != repaired)
            {
                lists[one.Category].Add((score, one.Error is null));
            }
            else if (one.Error is ErrorKind.Class or ErrorKind.Location && fixable.Contains(one.Position))
            {
                lists[classOf[one.Truth]].Add((score, true));
            }
        }

        return [.. lists.Select((list, k) => ComputeAveragePrecision(list, objects[k], repaired == ErrorKind.Missed ? missed[k] : 0))];
    }

    // A class whose objects are all excluded has nothing left to lose.
    private static double ComputeAveragePrecision(List<(double Score, bool IsRight)> list, int objects, int missed) =>
        objects == 0 ? -1 : objects == missed ? 1 : AveragePrecision.Compute(list, objects - missed);

    private static double Mean(double[] byClass) => byClass.Where(value => value >= 0).DefaultIfEmpty(-1).Average();
}
