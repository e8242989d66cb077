using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>
/// What a report says of detections beside AP: at which score they are best used, what goes wrong and what that costs, which images are
/// worst, and which labels may be wrong. docs/evaluation.md tells how to read it.
/// </summary>
public sealed record DetectionAnalysis
{
    /// <summary>IoU of the curves, the confusion matrix and the worst images.</summary>
    public const double Iou = 0.5;

    /// <summary>IoU at which places must be right.</summary>
    public const double StrictIou = 0.75;

    /// <summary>The judgement that this looks into.</summary>
    public required CocoMetrics Metrics { get; init; }

    /// <summary>Precision, recall and F1 by threshold, all classes together.</summary>
    public required PrecisionRecallCurve Pooled { get; init; }

    /// <summary>The same for each class, in the order of <see cref="CocoMetrics.PerClass"/>.</summary>
    public required IReadOnlyList<PrecisionRecallCurve> ByClass { get; init; }

    /// <summary>The score of the best F1 over all classes; 0 without detections.</summary>
    public required double Threshold { get; init; }

    /// <summary>The detections of at least <see cref="Threshold"/>, each right or wrong.</summary>
    public required MatchedDetections Matched { get; init; }

    /// <summary>What each kind of error costs at IoU 0.5, where an object need only be found.</summary>
    public required ErrorBreakdown LooseErrors { get; init; }

    /// <summary>What each kind of error costs at IoU 0.75, where places must be right.</summary>
    public required ErrorBreakdown StrictErrors { get; init; }

    /// <summary>What each kind of error costs in AP: the mean over the judgement's IoU thresholds.</summary>
    public required ErrorBreakdown Errors { get; init; }

    /// <summary>What was annotated against what was detected, at <see cref="Threshold"/>.</summary>
    public required ConfusionMatrix Confusion { get; init; }

    /// <summary>All images, worst first, at <see cref="Threshold"/>.</summary>
    public required IReadOnlyList<ImageErrors> Images { get; init; }

    /// <summary>Labels to check.</summary>
    public required IReadOnlyList<LabelIssue> Issues { get; init; }

    /// <summary>The images by id, where their files are known.</summary>
    public IReadOnlyDictionary<long, DatasetImage> ImagesById { get; init; } = new Dictionary<long, DatasetImage>();

    /// <summary>Looks into a judgement of results.</summary>
    /// <param name="metrics">The judgement, made with all classes apart and IoU 0.5 among its thresholds.</param>
    /// <param name="truth">What was annotated.</param>
    /// <param name="results">What was detected.</param>
    /// <param name="deviations">For each result how unsure the detector is of each edge, in pixels; null where nobody knows.</param>
    /// <exception cref="FocalSharpException">A result names an image or category that the ground truth does not have.</exception>
    public static DetectionAnalysis Create(CocoMetrics metrics, CocoGroundTruth truth, CocoResults results, IReadOnlyList<SideValues>? deviations = null)
    {
        PrecisionRecallCurve pooled = PrecisionRecall.Pooled(metrics, Iou);
        double threshold = pooled.BestThreshold ?? 0;
        IReadOnlyList<double> ious = metrics.Options.IouThresholds;
        int loose = metrics.Arrays.ThresholdIndex(Iou);
        MatchedDetections all = MatchedDetections.Create(truth, results, Iou);
        ErrorBreakdown[] breakdowns =
        [
            .. ious.AsParallel().AsOrdered().Select((iou, t) => ErrorBreakdown.Compute(t == loose ? all : MatchedDetections.Create(truth, results, iou))),
        ];
        MatchedDetections confident = MatchedDetections.Create(truth, results, Iou, threshold);
        return new DetectionAnalysis
        {
            Metrics = metrics,
            Pooled = pooled,
            ByClass = [.. Enumerable.Range(0, metrics.PerClass.Count).Select(k => PrecisionRecall.Curve(metrics, k, Iou))],
            Threshold = threshold,
            Matched = confident,
            LooseErrors = breakdowns[loose],
            StrictErrors = metrics.Arrays.ThresholdIndex(StrictIou) is >= 0 and int strict
                ? breakdowns[strict]
                : ErrorBreakdown.Compute(MatchedDetections.Create(truth, results, StrictIou)),
            Errors = ErrorBreakdown.Mean(breakdowns),
            Confusion = ConfusionMatrix.Compute(confident),
            Images = ImageErrors.Compute(confident),
            Issues = LabelIssues.Find(all, new LabelIssueOptions { MinScore = threshold }, deviations),
        };
    }

    /// <summary>Looks into a judgement of a data set's detections.</summary>
    /// <param name="metrics">The judgement.</param>
    /// <param name="dataset">What was annotated.</param>
    /// <param name="detections">Each image's detections, in the order of <see cref="DetectionDataset.Images"/>, in original pixels.</param>
    public static DetectionAnalysis Create(CocoMetrics metrics, DetectionDataset dataset, IReadOnlyList<IReadOnlyList<Detection>> detections)
    {
        long[] ids = CocoGroundTruth.UniqueImageIds(dataset);
        DetectionAnalysis analysis = Create(
            metrics,
            CocoGroundTruth.From(dataset, ids),
            CocoResults.From(dataset, ids, detections),
            [.. detections.SelectMany(list => list).Select(detection => detection.Deviation)]);
        return analysis with { ImagesById = ids.Zip(dataset.Images).ToDictionary() };
    }

    /// <summary>What to call an image: its file's name, or its id.</summary>
    public string NameOf(long imageId) => ImagesById.TryGetValue(imageId, out DatasetImage? entry) ? entry.FileName : $"image {imageId}";
}
