using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Explorer.Datasets.Filtering;

/// <summary>The errors of a run's saved detections, computed as for its report, so that a filter finds what a number of the report counts.</summary>
/// <param name="Metrics">The COCO metrics.</param>
/// <param name="Matched">The detections at the score with the best F1.</param>
/// <param name="Confusion">The confusion matrix at that score.</param>
/// <param name="Issues">The labels to check.</param>
internal sealed record ErrorIndex(CocoMetrics Metrics, MatchedDetections Matched, ConfusionMatrix Confusion, IReadOnlyList<LabelIssue> Issues)
{
    /// <summary>Returns the name of a class.</summary>
    public string GetClassName(int categoryId) => Matched.Categories.First(one => one.Id == categoryId).Name;

    /// <summary>Matches the detections of a data set.</summary>
    public static ErrorIndex Create(DetectionDataset dataset, CocoResults results)
    {
        CocoGroundTruth truth = CocoGroundTruth.From(dataset);
        HashSet<long> images = [.. truth.ImageIds];
        HashSet<int> classes = [.. dataset.CategoryIds];
        CocoResults known = new(results.Source, Enumerable.Range(0, results.Count).Select(i => results[i]).Where(entry => images.Contains(entry.ImageId) && classes.Contains(entry.CategoryId)));
        CocoMetrics metrics = CocoEvaluator.Evaluate(truth, known);
        double threshold = PrecisionRecall.Pooled(metrics, DetectionAnalysis.Iou).BestThreshold ?? 0;
        MatchedDetections confident = MatchedDetections.Create(truth, known, DetectionAnalysis.Iou, threshold);
        return new ErrorIndex(
            metrics,
            confident,
            ConfusionMatrix.Compute(confident),
            LabelIssues.Find(MatchedDetections.Create(truth, known, DetectionAnalysis.Iou), new LabelIssueOptions { MinScore = threshold }));
    }
}
