using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Bootstrap;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.Protocols;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>
/// The analysis of a detector's errors for a report: the best score threshold, the kinds of errors and their cost in AP, the images with the
/// most errors, and labels that may be wrong. docs/evaluation.md explains how to read it.
/// </summary>
internal sealed record DetectionAnalysis
{
    /// <summary>The IoU threshold of the curves, the confusion matrix and the worst images.</summary>
    public const double Iou = 0.5;

    /// <summary>The IoU threshold for localization.</summary>
    public const double StrictIou = 0.75;

    /// <summary>The confidence level of <see cref="ClassIntervals"/>.</summary>
    public const double IntervalLevel = 0.9;

    private const int Resamples = 200;

    // Resamples of fewer images hardly differ from each other, however few the objects.
    private const int MinIntervalImages = 5;

    /// <summary>Gets the evaluation on which the analysis is based.</summary>
    public required CocoMetrics Metrics { get; init; }

    /// <summary>Gets precision, recall and F1 by score threshold, over all classes.</summary>
    public required PrecisionRecallCurve Pooled { get; init; }

    /// <summary>Gets precision, recall and F1 of each class, in the order of <see cref="CocoMetrics.PerClass"/>.</summary>
    public required IReadOnlyList<PrecisionRecallCurve> ByClass { get; init; }

    /// <summary>Gets the score threshold with the best F1 over all classes; 0 without detections.</summary>
    public required double Threshold { get; init; }

    /// <summary>Gets the detections that score at least <see cref="Threshold"/>, classified as correct or by error.</summary>
    public required MatchedDetections Matched { get; init; }

    /// <summary>Gets the cost of each kind of error at IoU 0.5.</summary>
    public required ErrorBreakdown LooseErrors { get; init; }

    /// <summary>Gets the cost of each kind of error at IoU 0.75.</summary>
    public required ErrorBreakdown StrictErrors { get; init; }

    /// <summary>Gets the cost of each kind of error in AP, the mean over the evaluation's IoU thresholds.</summary>
    public required ErrorBreakdown Errors { get; init; }

    /// <summary>Gets the confusion matrix at <see cref="Threshold"/>.</summary>
    public required ConfusionMatrix Confusion { get; init; }

    /// <summary>Gets all images, most errors first, at <see cref="Threshold"/>.</summary>
    public required IReadOnlyList<ImageErrors> Images { get; init; }

    /// <summary>Gets the labels to check.</summary>
    public required IReadOnlyList<LabelIssue> Issues { get; init; }

    /// <summary>
    /// Gets the 90 % interval of each class's AP, by a bootstrap over images, in the order of <see cref="CocoMetrics.PerClass"/>; null for classes whose
    /// objects are in fewer than five images. A class of few objects has a wide one.
    /// </summary>
    public required IReadOnlyList<ConfidenceInterval?> ClassIntervals { get; init; }

    /// <summary>Gets the images by id, if their files are known.</summary>
    public IReadOnlyDictionary<long, DatasetImage> ImagesById { get; init; } = new Dictionary<long, DatasetImage>();

    /// <summary>Analyzes an evaluation of results.</summary>
    /// <param name="metrics">The evaluation, with separate classes and IoU 0.5 among its thresholds.</param>
    /// <param name="truth">The ground truth.</param>
    /// <param name="results">The detections.</param>
    /// <param name="deviations">Uncertainty of each edge of each result, in pixels; null if unknown.</param>
    /// <exception cref="DatasetException">A result refers to an image or category that the ground truth does not contain.</exception>
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
            ClassIntervals = ComputeClassIntervals(metrics, truth, results),
            Issues = LabelIssues.Find(all, new LabelIssueOptions { MinScore = threshold }, deviations),
        };
    }

    /// <summary>Analyzes an evaluation of a data set's detections.</summary>
    /// <param name="metrics">The evaluation.</param>
    /// <param name="dataset">The ground truth.</param>
    /// <param name="detections">The detections of each image, in the order of <see cref="DetectionDataset.Images"/>, in original pixels.</param>
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

    private static IReadOnlyList<ConfidenceInterval?> ComputeClassIntervals(CocoMetrics metrics, CocoGroundTruth truth, CocoResults results)
    {
        MatchSet matches = MatchSetBuilder.Build(truth, results, EvaluationProtocol.Coco, metrics.Options);
        BootstrapSamples samples = ImageBootstrap.Run(matches, new BootstrapOptions { Resamples = Resamples });
        return [.. metrics.PerClass.Select((row, k) => matches.Classes[k].TruthImages.Distinct().Count() >= MinIntervalImages ? ConfidenceInterval.FromSamples(samples.ByClass[k], row.AP, IntervalLevel) : null)];
    }

    /// <summary>Returns the display name of an image: its file name, or its id.</summary>
    public string NameOf(long imageId) => ImagesById.TryGetValue(imageId, out DatasetImage? entry) ? entry.FileName : $"image {imageId}";
}
