using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Pictures;

namespace FocalSharp.Reporting;

/// <summary>
/// Makes the part of a report that detections give, whoever made them; a run adds how it was trained. Numbers and pictures are made apart, so
/// that the numbers are safe before a picture is touched.
/// </summary>
public static class DetectionReport
{
    /// <summary>Reports on a detector's detections of a data set.</summary>
    /// <param name="title">The report's name.</param>
    /// <param name="dataset">What was judged on.</param>
    /// <param name="detections">Each image's detections, in the order of <see cref="DetectionDataset.Images"/>, in original pixels.</param>
    /// <param name="metrics">Their judgement.</param>
    public static TrainingReport Create(
        string title, DetectionDataset dataset, IReadOnlyList<IReadOnlyList<Detection>> detections, CocoMetrics metrics)
    {
        IReadOnlyList<EdgeObservation> edges = EdgeUncertainty.Observe(dataset.Images, detections);
        return Create(title, metrics, DetectionAnalysis.Create(metrics, dataset, detections)) with
        {
            Edges = edges,
            Calibration = CalibrationReport.Create(dataset.Images, detections, edges),
        };
    }

    /// <summary>Reports on two COCO files.</summary>
    /// <param name="title">The report's name.</param>
    /// <param name="truth">What was annotated.</param>
    /// <param name="results">What was detected.</param>
    /// <param name="metrics">Their judgement.</param>
    /// <param name="images">The annotations read as a data set, which knows where the images are; null where nobody knows.</param>
    /// <exception cref="FocalSharpException">A result names an image or category that the ground truth does not have.</exception>
    public static TrainingReport Create(string title, CocoGroundTruth truth, CocoResults results, CocoMetrics metrics, DetectionDataset? images) =>
        Create(title, metrics, DetectionAnalysis.Create(metrics, truth, results) with
        {
            ImagesById = images?.Images.DistinctBy(image => image.Id).ToDictionary(image => image.Id) ?? [],
        });

    /// <summary>Draws the worst images and what the label suspects are about, where the images are at hand.</summary>
    public static TrainingReport AddImages(TrainingReport report) => report.Analysis is not { } analysis ? report : report with
    {
        WorstImages = WorstImagePictures.Draw(analysis),
        LabelIssueCrops = LabelIssueCrops.Draw(analysis),
    };

    private static TrainingReport Create(string title, CocoMetrics metrics, DetectionAnalysis analysis) => new()
    {
        Title = title,
        Metrics = metrics,
        Analysis = analysis,
        Version = typeof(DetectionReport).Assembly.GetName().Version?.ToString(3) ?? "",
    };
}
