using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Pictures;

namespace FocalSharp.Reporting;

/// <summary>
/// The content of a report, for <see cref="HtmlReport"/>: metrics, error analysis, calibration and pictures of a detector's results, and the
/// curves and settings of its training. A section is left out if its data is missing.
/// </summary>
public sealed record DetectionReport
{
    /// <summary>Gets the title: the name of the run or of the evaluation.</summary>
    public required string Title { get; init; }

    /// <summary>Gets the line below the title: data set, recipe, size, date.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>Gets the COCO metrics.</summary>
    public CocoMetrics? Metrics { get; init; }

    /// <summary>Gets the AP of the initial weights; null if they were not evaluated.</summary>
    public double? PretrainedAP { get; init; }

    /// <summary>Gets what was evaluated, for example <c>72 images of bccd, test split</c>. Default: the validation split.</summary>
    public string EvaluatedOn { get; init; } = "the validation split";

    /// <summary>Gets more headline values: names and formatted values, for example <c>training time</c> and <c>4 min 12 s</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>Gets the log of the training; null for an evaluation without training.</summary>
    internal MetricsTable? Log { get; init; }

    /// <summary>Gets pictures of the evaluated images.</summary>
    public IReadOnlyList<ReportPicture> Pictures { get; init; } = [];

    /// <summary>Gets the edges of the detected objects, for the section on edge uncertainty.</summary>
    internal IReadOnlyList<EdgeObservation> Edges { get; init; } = [];

    /// <summary>Gets the calibration of scores and edge deviations.</summary>
    internal CalibrationReport? Calibration { get; init; }

    /// <summary>Gets the error analysis.</summary>
    internal DetectionAnalysis? Analysis { get; init; }

    /// <summary>Gets pictures of the images with the most errors.</summary>
    public IReadOnlyList<ReportPicture> WorstImages { get; init; } = [];

    /// <summary>Gets a PNG or JPEG file for each label issue of <see cref="Analysis"/>; null if there is none.</summary>
    public IReadOnlyList<byte[]?> LabelIssueCrops { get; init; } = [];

    /// <summary>Gets the number of training objects of each class; empty if unknown.</summary>
    public IReadOnlyDictionary<string, int> TrainingObjectCounts { get; init; } = new Dictionary<string, int>();

    /// <summary>Gets the training time by phase; null if it was not measured.</summary>
    internal PhaseTimings? Phases { get; init; }

    /// <summary>Gets what was measured to choose the settings; null if nothing was.</summary>
    internal TuningTable? Tuning { get; init; }

    /// <summary>Gets the settings: keys and values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Gets the command that created the run.</summary>
    public string Command { get; init; } = "";

    /// <summary>Gets the links of numbers to their images; null for none.</summary>
    internal ImageLinks? Links { get; init; }

    /// <summary>Gets a suggested next command.</summary>
    public string NextCommand { get; init; } = "";

    /// <summary>Gets the version of FocalSharp for the footer.</summary>
    public string Version { get; init; } = "";

    /// <summary>Creates a report of detections on a data set, without pictures.</summary>
    /// <param name="title">The title.</param>
    /// <param name="dataset">The evaluated data set.</param>
    /// <param name="detections">The detections of each image, in the order of <see cref="DetectionDataset.Images"/>, in pixels of the image.</param>
    /// <param name="metrics">The COCO metrics of the detections.</param>
    public static DetectionReport Create(
        string title, DetectionDataset dataset, IReadOnlyList<IReadOnlyList<Detection>> detections, CocoMetrics metrics)
    {
        IReadOnlyList<EdgeObservation> edges = EdgeUncertainty.Observe(dataset.Images, detections);
        return Create(title, metrics, DetectionAnalysis.Create(metrics, dataset, detections)) with
        {
            Edges = edges,
            Calibration = CalibrationReport.Create(dataset.Images, detections, edges),
        };
    }

    /// <summary>Creates a report from two COCO files, without pictures.</summary>
    /// <param name="title">The title.</param>
    /// <param name="truth">The annotations.</param>
    /// <param name="results">The detections.</param>
    /// <param name="metrics">The COCO metrics of the detections.</param>
    /// <param name="images">The annotations as a data set with the paths of the images; null if they are not available.</param>
    /// <exception cref="FocalSharpException">A result has an image or category that the annotations do not contain.</exception>
    public static DetectionReport Create(string title, CocoGroundTruth truth, CocoResults results, CocoMetrics metrics, DetectionDataset? images) =>
        Create(title, metrics, DetectionAnalysis.Create(metrics, truth, results) with
        {
            ImagesById = images?.Images.DistinctBy(image => image.Id).ToDictionary(image => image.Id) ?? [],
        });

    /// <summary>Adds pictures of the images with the most errors and of the label issues. Images that cannot be read are skipped.</summary>
    /// <param name="report">The report.</param>
    public static DetectionReport AddImages(DetectionReport report) => report.Analysis is not { } analysis ? report : report with
    {
        WorstImages = WorstImagePictures.Draw(analysis),
        LabelIssueCrops = LabelIssuePictures.Draw(analysis),
    };

    private static DetectionReport Create(string title, CocoMetrics metrics, DetectionAnalysis analysis) => new()
    {
        Title = title,
        Metrics = metrics,
        Analysis = analysis,
        Version = typeof(DetectionReport).Assembly.GetName().Version?.ToString(3) ?? "",
    };
}
