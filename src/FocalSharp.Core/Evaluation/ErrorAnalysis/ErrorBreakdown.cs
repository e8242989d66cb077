using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>
/// What each kind of error costs in AP, by an oracle's hand: AP with this kind alone mended, less AP as it is (TIDE, section 2.3). The
/// gains do not add up to 1 − AP, since errors hide one another.
/// </summary>
/// <remarks>
/// Mending makes a wrong class or place right where the object is still free, for the surest of the detections that want it, and takes the
/// others away; duplicates, background and both are taken away; missed objects are no longer asked for. AP is at one IoU, mean over
/// the classes that have objects; <see cref="Mean(IReadOnlyList{ErrorBreakdown})"/> makes COCO's AP of several.
/// </remarks>
public sealed record ErrorBreakdown
{
    /// <summary>The kinds in the order of the paper.</summary>
    public static IReadOnlyList<ErrorKind> Kinds { get; } = Enum.GetValues<ErrorKind>();

    /// <summary>The IoU from which a detection is right; NaN for a mean over several.</summary>
    public required double Iou { get; init; }

    /// <summary>AP as it is; equals COCO's at this IoU. −1 without objects.</summary>
    public required double AP { get; init; }

    /// <summary>The six kinds, in the order of <see cref="Kinds"/>.</summary>
    public required IReadOnlyList<ErrorImpact> Impacts { get; init; }

    /// <summary>The cost of one kind.</summary>
    public ErrorImpact this[ErrorKind kind] => Impacts[(int)kind];

    /// <summary>Breaks AP's loss down.</summary>
    /// <param name="evaluated">All detections, whatever their score: AP is made of all.</param>
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

    /// <summary>The mean over breakdowns at several IoU, as COCO's AP is a mean; the counts are those of the first.</summary>
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

    // For each free object the surest detection that wants it, whether by class or by place: as TIDE's reference code.
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

    // A class all of whose objects are no longer asked for has nothing left to lose.
    private static double ComputeAveragePrecision(List<(double Score, bool IsRight)> list, int objects, int missed) =>
        objects == 0 ? -1 : objects == missed ? 1 : AveragePrecision.Compute(list, objects - missed);

    private static double Mean(double[] byClass) => byClass.Where(value => value >= 0).DefaultIfEmpty(-1).Average();
}
