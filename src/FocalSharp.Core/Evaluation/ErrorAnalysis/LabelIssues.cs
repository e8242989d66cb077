using System.Globalization;
using FocalSharp.Boxes;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>Finds labels that disagree with confident detections: missing labels, wrong classes, misplaced boxes.</summary>
internal sealed class LabelIssues
{
    private readonly MatchedDetections _matched;
    private readonly LabelIssueOptions _options;
    private readonly IReadOnlyList<SideValues>? _deviations;
    private readonly GroundTruthIndex _images;
    private readonly Dictionary<int, int> _foundBy;
    private readonly double[] _confidenceThresholds;

    private LabelIssues(MatchedDetections evaluated, LabelIssueOptions options, IReadOnlyList<SideValues>? deviations)
    {
        _matched = evaluated;
        _options = options;
        _deviations = deviations;
        _images = new GroundTruthIndex(evaluated.Truth, evaluated.Objects.Select(item => item.Position));
        _foundBy = evaluated.Objects.ToDictionary(item => item.Position, item => item.FoundBy);
        _confidenceThresholds = [.. evaluated.Categories.Select((_, k) => ComputeConfidenceThreshold(k))];
    }

    /// <summary>Finds label issues, by kind, strongest first.</summary>
    /// <param name="evaluated">All detections, regardless of score, matched at IoU 0.5.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="deviations">Uncertainty of each edge of each result, in pixels; null if unknown.</param>
    public static IReadOnlyList<LabelIssue> Find(
        MatchedDetections evaluated, LabelIssueOptions? options = null, IReadOnlyList<SideValues>? deviations = null)
    {
        LabelIssues search = new(evaluated, options ?? new LabelIssueOptions(), deviations);
        return
        [
            .. new[] { search.FindMissingLabels(), search.FindWrongClasses(), search.FindBadBoxes() }.SelectMany(issues => TakeTop(
                [.. issues.GroupBy(issue => issue.ImageId).SelectMany(image => TakeTop([.. image], search._options.MaxPerImage))], search._options.MaxIssues)),
        ];
    }

    private static IEnumerable<LabelIssue> TakeTop(LabelIssue[] issues, int max) =>
        issues.OrderByDescending(issue => issue.Severity).ThenBy(issue => issue.Detection).Take(max);

    // Every object that the detection overlaps has a detection of its own, and none covers it. A detection that overlaps an object of its own class
    // is that object, badly located, however little they overlap.
    private IEnumerable<LabelIssue> FindMissingLabels()
    {
        List<CocoResult> reported = [];
        foreach (MatchedDetection one in FindConfidentErrors())
        {
            CocoResult result = _matched.Results[one.Position];
            bool isExplained = _images.ForImage(result.ImageId).Any(position =>
            {
                CocoBox box = _matched.Truth[position].Box;
                double iou = result.Box.Overlap(box, isCrowd: false);
                return iou >= _matched.Iou || result.Box.Overlap(box, isCrowd: true) >= _options.MaxCoverage
                    || (iou > MatchedDetections.BackgroundIou && (_foundBy[position] < 0 || _matched.Truth[position].CategoryId == result.CategoryId));
            });
            bool isRepeated = reported.Any(other => other.ImageId == result.ImageId && other.Box.Overlap(result.Box, isCrowd: false) >= _options.ClassIou);
            if (!isExplained && !isRepeated)
            {
                reported.Add(result);
                yield return new LabelIssue(
                    LabelIssueKind.MissingLabel, result.ImageId, one.Position, -1, 0, result.Score, $"{GetClassName(one.Category)} at {FormatScore(result.Score)}, but nothing is annotated there");
            }
        }
    }

    private IEnumerable<LabelIssue> FindWrongClasses()
    {
        HashSet<int> reported = [];
        foreach (MatchedDetection one in FindConfidentErrors())
        {
            CocoResult result = _matched.Results[one.Position];
            (int truth, double iou) = _images.FindBest(result, ofItsClass: false);
            double right = truth >= 0 && _foundBy[truth] is >= 0 and int by ? _matched.Results[by].Score : 0;
            if (iou < _options.ClassIou || right > _options.MaxRightClassScoreRatio * result.Score || !reported.Add(truth))
            {
                continue;
            }

            string annotated = GetClassName(_matched.Truth[truth].CategoryId, byId: true);
            string instead = right > 0 ? $"as {annotated} only at {FormatScore(right)}" : $"not as {annotated}";
            yield return new LabelIssue(
                LabelIssueKind.WrongClass, result.ImageId, one.Position, truth, iou, result.Score - right,
                $"annotated as {annotated}, detected as {GetClassName(one.Category)} at {FormatScore(result.Score)}, {instead}");
        }
    }

    private IEnumerable<LabelIssue> FindBadBoxes()
    {
        // A detection that fits the object well, regardless of its score, supports its label.
        ILookup<int, (MatchedDetection One, double Iou)> wants = _matched.Detections
            .Where(one => one.Error is null or ErrorKind.Location or ErrorKind.Duplicate)
            .ToLookup(one => one.Truth, one => (one, one.Iou));
        foreach (IGrouping<int, (MatchedDetection One, double Iou)> group in wants)
        {
            (MatchedDetection one, double iou) = group.MaxBy(pair => _matched.Results[pair.One.Position].Score);
            CocoResult result = _matched.Results[one.Position];
            if (IsConfident(one) && iou >= _options.SameObjectIou && group.Max(pair => pair.Iou) < _options.BoxIou)
            {
                yield return new LabelIssue(
                    LabelIssueKind.BadBox, result.ImageId, one.Position, group.Key, iou, result.Score * (1 - iou),
                    string.Create(CultureInfo.InvariantCulture, $"{GetClassName(one.Category)} at {FormatScore(result.Score)} overlaps its label by only {iou:0.00} IoU: {DescribeWorstEdge(one.Position, result.Box, _matched.Truth[group.Key].Box)}"));
            }
        }
    }

    private string DescribeWorstEdge(int position, CocoBox detected, CocoBox annotated)
    {
        double[] errors =
        [
            detected.X - annotated.X,
            detected.Y - annotated.Y,
            detected.X + detected.Width - annotated.X - annotated.Width,
            detected.Y + detected.Height - annotated.Y - annotated.Height,
        ];
        int side = Enumerable.Range(0, 4).MaxBy(i => Math.Abs(errors[i]));
        string deviation = _deviations is null ? "" : string.Create(CultureInfo.InvariantCulture, $", with a predicted deviation of ± {_deviations[position][side]:0} px");
        return string.Create(CultureInfo.InvariantCulture, $"the {SideValues.Names[side]} edge is {Math.Abs(errors[side]):0} px off{deviation}");
    }

    private IEnumerable<MatchedDetection> FindConfidentErrors() => _matched.Detections
        .Where(one => one.Error is not null && IsConfident(one))
        .OrderByDescending(one => _matched.Results[one.Position].Score);

    private bool IsConfident(MatchedDetection one) => _matched.Results[one.Position].Score >= _confidenceThresholds[one.Category];

    private double ComputeConfidenceThreshold(int category)
    {
        (double Score, bool IsRight)[] ordered =
        [
            .. _matched.Detections.Where(one => one.Category == category)
                .Select(one => (_matched.Results[one.Position].Score, one.Error is null)).OrderByDescending(one => one.Score),
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

    private string GetClassName(int category, bool byId = false) =>
        byId ? _matched.Categories.First(one => one.Id == category).Name : _matched.Categories[category].Name;

    private static string FormatScore(double score) => score.ToString("0.00", CultureInfo.InvariantCulture);
}
