using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>
/// The detections classified as correct or by one kind of error, at one IoU, with the matching from which AP is computed. Detections that AP ignores
/// (those on crowds) are excluded.
/// </summary>
/// <remarks>
/// Matching is in descending order of score, so that the result above a score does not depend on what is below it. Errors are assigned
/// in the order of TIDE's reference code: location, class, duplicate, background, both.
/// </remarks>
internal sealed class MatchedDetections
{
    /// <summary>The IoU up to which a detection is background (TIDE, section 2.2).</summary>
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

    /// <summary>Gets the ground truth.</summary>
    public CocoGroundTruth Truth { get; }

    /// <summary>Gets the results.</summary>
    public CocoResults Results { get; }

    /// <summary>Gets the IoU threshold of a correct detection.</summary>
    public double Iou { get; }

    /// <summary>Gets the score threshold.</summary>
    public double MinScore { get; }

    /// <summary>Gets the classes, by id.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>Gets the detections, by class, then by image, then in descending order of score.</summary>
    public IReadOnlyList<MatchedDetection> Detections { get; }

    /// <summary>Gets the objects that count, in the same order.</summary>
    public IReadOnlyList<MatchedGroundTruth> Objects { get; }

    /// <summary>Matches detections and classifies their errors.</summary>
    /// <param name="truth">The ground truth.</param>
    /// <param name="results">The results.</param>
    /// <param name="iou">IoU threshold of a correct detection, above <see cref="BackgroundIou"/>.</param>
    /// <param name="minScore">Score threshold: lower detections are excluded, and objects found only by them are missed.</param>
    /// <exception cref="DatasetException">A result refers to an image or category that the ground truth does not contain.</exception>
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
