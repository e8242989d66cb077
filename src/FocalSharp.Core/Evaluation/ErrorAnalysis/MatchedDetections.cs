using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>
/// Every detection judged right or wrong in one way, at one IoU, by the matching that AP is computed from. Detections that AP ignores
/// (those on crowds) are left out.
/// </summary>
/// <remarks>
/// Matching goes from the surest detection down, so what is judged above a score does not depend on what lies below it. Errors are told
/// apart in the order of TIDE's reference code: location, class, duplicate, background, both.
/// </remarks>
public sealed class MatchedDetections
{
    /// <summary>Overlap up to which a detection is on nothing (TIDE, section 2.2).</summary>
    public const double BackgroundIou = 0.1;

    private MatchedDetections(
        CocoGroundTruth truth, CocoResults results, double iou, double minScore, CocoCategory[] categories, MatchedDetection[] detections, MatchedGroundTruth[] objects)
    {
        Truth = truth;
        Results = results;
        Iou = iou;
        MinScore = minScore;
        Categories = categories;
        Detections = detections;
        Objects = objects;
    }

    /// <summary>What was annotated.</summary>
    public CocoGroundTruth Truth { get; }

    /// <summary>What was detected.</summary>
    public CocoResults Results { get; }

    /// <summary>The IoU from which a detection is right.</summary>
    public double Iou { get; }

    /// <summary>The score below which detections were left out.</summary>
    public double MinScore { get; }

    /// <summary>The classes, by id.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>The detections: class by class, in them image by image, in them the surest first.</summary>
    public IReadOnlyList<MatchedDetection> Detections { get; }

    /// <summary>The objects that count, in the same order.</summary>
    public IReadOnlyList<MatchedGroundTruth> Objects { get; }

    /// <summary>Judges.</summary>
    /// <param name="truth">The ground truth.</param>
    /// <param name="results">The results.</param>
    /// <param name="iou">IoU from which a detection is right, above <see cref="BackgroundIou"/>.</param>
    /// <param name="minScore">Detections below this score are left out, and objects found by them alone are not found.</param>
    /// <exception cref="FocalSharpException">A result names an image or category that the ground truth does not have.</exception>
    public static MatchedDetections Create(CocoGroundTruth truth, CocoResults results, double iou = 0.5, double minScore = double.NegativeInfinity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(iou, BackgroundIou);
        CocoCategory[] categories = [.. truth.Categories.DistinctBy(category => category.Id).OrderBy(category => category.Id)];
        Dictionary<int, int> categoryOf = categories.Select((category, k) => (category.Id, k)).ToDictionary();
        ImageMatches[] pairs = [.. CocoEvaluator.Match(truth, results, new CocoEvaluationOptions { IouThresholds = [iou] })];
        GroundTruthIndex images = new(truth, pairs.SelectMany(pair => pair.Truths[..pair.CountedTruths]));
        Dictionary<int, int> foundBy = [];
        List<MatchedDetection> detections = [];
        foreach (ImageMatches pair in pairs)
        {
            for (int d = 0; d < pair.Detections.Length; d++)
            {
                int position = pair.Detections[d];
                int place = pair.Matches[0][d];
                if (pair.Ignored[0][d] || results[position].Score < minScore)
                {
                    continue;
                }

                // The reference marks "unmatched" by id 0, so that such a match counts as wrong.
                int found = place >= 0 && truth[pair.Truths[place]].Id != 0 ? pair.Truths[place] : -1;
                if (found >= 0)
                {
                    foundBy[found] = position;
                }

                detections.Add(found >= 0
                    ? new MatchedDetection(position, categoryOf[pair.CategoryId], null, found, results[position].Box.Overlap(truth[found].Box, isCrowd: false))
                    : images.ClassifyError(position, results[position], categoryOf[pair.CategoryId], iou));
            }
        }

        HashSet<int> explained = [.. detections.Where(one => one.Error is ErrorKind.Class or ErrorKind.Location).Select(one => one.Truth)];
        return new MatchedDetections(truth, results, iou, minScore, categories, [.. detections], [.. pairs
            .SelectMany(pair => pair.Truths[..pair.CountedTruths].Order().Select(position => new MatchedGroundTruth(
                position,
                categoryOf[pair.CategoryId],
                foundBy.GetValueOrDefault(position, -1),
                !foundBy.ContainsKey(position) && !explained.Contains(position))))]);
    }
}
