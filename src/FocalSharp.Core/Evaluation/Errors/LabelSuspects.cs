using System.Globalization;
using FocalSharp.Detections;

namespace FocalSharp.Evaluation.Errors;

/// <summary>Finds labels that sure detections contradict: missing ones, wrong classes, badly placed boxes.</summary>
public sealed class LabelSuspects
{
    private readonly JudgedDetections _judged;
    private readonly LabelSuspectOptions _options;
    private readonly IReadOnlyList<SideValues>? _deviations;
    private readonly ImageTruths _images;
    private readonly Dictionary<int, int> _foundBy;
    private readonly double[] _floors;

    private LabelSuspects(JudgedDetections judged, LabelSuspectOptions options, IReadOnlyList<SideValues>? deviations)
    {
        _judged = judged;
        _options = options;
        _deviations = deviations;
        _images = new ImageTruths(judged.Truth, judged.Objects.Select(item => item.Position));
        _foundBy = judged.Objects.ToDictionary(item => item.Position, item => item.FoundBy);
        _floors = [.. judged.Categories.Select((_, k) => Floor(k))];
    }

    /// <summary>Finds suspects, kind by kind, the most suspect first.</summary>
    /// <param name="judged">All detections, whatever their score, judged at IoU 0.5.</param>
    /// <param name="options">When a label is suspect; null for the defaults.</param>
    /// <param name="deviations">For each result how unsure the detector is of each edge, in pixels; null where nobody knows.</param>
    public static IReadOnlyList<LabelSuspect> Find(
        JudgedDetections judged, LabelSuspectOptions? options = null, IReadOnlyList<SideValues>? deviations = null)
    {
        LabelSuspects search = new(judged, options ?? new LabelSuspectOptions(), deviations);
        return
        [
            .. new[] { search.MissingLabels(), search.WrongClasses(), search.BadBoxes() }.SelectMany(suspects => Strongest(
                [.. suspects.GroupBy(suspect => suspect.ImageId).SelectMany(image => Strongest([.. image], search._options.MostPerImage))], search._options.Most)),
        ];
    }

    private static IEnumerable<LabelSuspect> Strongest(LabelSuspect[] suspects, int most) =>
        suspects.OrderByDescending(suspect => suspect.Suspicion).ThenBy(suspect => suspect.Detection).Take(most);

    // Everything that the detection touches has a detection of its own, and nothing covers it.
    private IEnumerable<LabelSuspect> MissingLabels()
    {
        List<CocoResult> told = [];
        foreach (JudgedDetection one in SureAndWrong())
        {
            CocoResult result = _judged.Results[one.Position];
            bool isExplained = _images.Of(result.ImageId).Any(position =>
            {
                CocoBox box = _judged.Truth[position].Box;
                double iou = result.Box.Overlap(box, isCrowd: false);
                return iou >= _judged.Iou || result.Box.Overlap(box, isCrowd: true) >= _options.Covered
                    || (iou > JudgedDetections.BackgroundIou && _foundBy[position] < 0);
            });
            bool isRepeated = told.Any(other => other.ImageId == result.ImageId && other.Box.Overlap(result.Box, isCrowd: false) >= _options.ClassIou);
            if (!isExplained && !isRepeated)
            {
                told.Add(result);
                yield return new LabelSuspect(
                    SuspicionKind.MissingLabel, result.ImageId, one.Position, -1, 0, result.Score, $"{Name(one.Category)} at {Score(result.Score)}, and nothing is annotated there");
            }
        }
    }

    private IEnumerable<LabelSuspect> WrongClasses()
    {
        HashSet<int> told = [];
        foreach (JudgedDetection one in SureAndWrong())
        {
            CocoResult result = _judged.Results[one.Position];
            (int truth, double iou) = _images.Best(result, ofItsClass: false);
            double right = truth >= 0 && _foundBy[truth] is >= 0 and int by ? _judged.Results[by].Score : 0;
            if (iou < _options.ClassIou || right > _options.RightClassShare * result.Score || !told.Add(truth))
            {
                continue;
            }

            string annotated = Name(_judged.Truth[truth].CategoryId, byId: true);
            string instead = right > 0 ? $"as {annotated} at {Score(right)} only" : $"not as {annotated} at all";
            yield return new LabelSuspect(
                SuspicionKind.WrongClass, result.ImageId, one.Position, truth, iou, result.Score - right,
                $"annotated as {annotated}, detected as {Name(one.Category)} at {Score(result.Score)}, {instead}");
        }
    }

    private IEnumerable<LabelSuspect> BadBoxes()
    {
        // What fits an object well, however unsure, speaks for its label.
        ILookup<int, (JudgedDetection One, double Iou)> wants = _judged.Detections
            .Where(one => one.Error is null or ErrorKind.Location or ErrorKind.Duplicate)
            .ToLookup(one => one.Truth, one => (one, one.Iou));
        foreach (IGrouping<int, (JudgedDetection One, double Iou)> group in wants)
        {
            (JudgedDetection one, double iou) = group.MaxBy(pair => _judged.Results[pair.One.Position].Score);
            CocoResult result = _judged.Results[one.Position];
            if (IsSure(one) && iou >= _options.SameObjectIou && group.Max(pair => pair.Iou) < _options.BoxIou)
            {
                yield return new LabelSuspect(
                    SuspicionKind.BadBox, result.ImageId, one.Position, group.Key, iou, result.Score * (1 - iou),
                    string.Create(CultureInfo.InvariantCulture, $"{Name(one.Category)} at {Score(result.Score)} fits its label by IoU {iou:0.00} only: {WorstEdge(one.Position, result.Box, _judged.Truth[group.Key].Box)}"));
            }
        }
    }

    private string WorstEdge(int position, CocoBox detected, CocoBox annotated)
    {
        double[] errors =
        [
            detected.X - annotated.X,
            detected.Y - annotated.Y,
            detected.X + detected.Width - annotated.X - annotated.Width,
            detected.Y + detected.Height - annotated.Y - annotated.Height,
        ];
        int side = Enumerable.Range(0, 4).MaxBy(i => Math.Abs(errors[i]));
        string unsure = _deviations is null ? "" : string.Create(CultureInfo.InvariantCulture, $", and the detector is sure of it to ± {_deviations[position][side]:0} px");
        return string.Create(CultureInfo.InvariantCulture, $"the {SideValues.Names[side]} edge is {Math.Abs(errors[side]):0} px off{unsure}");
    }

    private IEnumerable<JudgedDetection> SureAndWrong() => _judged.Detections
        .Where(one => one.Error is not null && IsSure(one))
        .OrderByDescending(one => _judged.Results[one.Position].Score);

    private bool IsSure(JudgedDetection one) => _judged.Results[one.Position].Score >= _floors[one.Category];

    private double Floor(int category)
    {
        (double Score, bool IsRight)[] ordered =
        [
            .. _judged.Detections.Where(one => one.Category == category)
                .Select(one => (_judged.Results[one.Position].Score, one.Error is null)).OrderByDescending(one => one.Score),
        ];
        double floor = double.PositiveInfinity;
        int right = 0;
        for (int i = 0; i < ordered.Length; i++)
        {
            right += ordered[i].IsRight ? 1 : 0;
            bool isLastOfScore = i + 1 == ordered.Length || ordered[i + 1].Score < ordered[i].Score;
            floor = isLastOfScore && right >= _options.Precision * (i + 1) ? ordered[i].Score : floor;
        }

        return Math.Max(floor, _options.MinScore);
    }

    private string Name(int category, bool byId = false) =>
        byId ? _judged.Categories.First(one => one.Id == category).Name : _judged.Categories[category].Name;

    private static string Score(double score) => score.ToString("0.00", CultureInfo.InvariantCulture);
}
