using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>Learns a calibration from labeled images.</summary>
internal static class CalibrationFitter
{
    /// <summary>Learns the score map and the edge intervals.</summary>
    /// <param name="images">Images that the model was not trained on, with the labels of the model's classes.</param>
    /// <param name="detections">The detections of the model, not calibrated.</param>
    /// <param name="classes">The number of classes of the model.</param>
    /// <param name="target">What scores shall estimate: <see cref="ScoreMapFitter.IouTarget"/> or <see cref="ScoreMapFitter.PrecisionTarget"/>.</param>
    /// <exception cref="DatasetException">No detection matches an object.</exception>
    public static DetectionCalibration Fit(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections, int classes, string target = ScoreMapFitter.IouTarget)
    {
        IReadOnlyList<MatchedBox> boxes = BoxMatcher.MatchAll(images, detections);
        if (boxes.Count == 0)
        {
            throw new DatasetException($"None of the {detections.Sum(list => list.Count)} detections matches an object with IoU {BoxMatcher.DefaultMinIou}, so there is nothing to calibrate on. Use images with objects that the model detects.");
        }

        return new DetectionCalibration
        {
            Scores = ScoreMapFitter.Fit(ScoreMapFitter.Observe(images, detections, target), images.Count),
            ScoreTarget = target,
            Edges = EdgeIntervalFitter.Fit(boxes, images.Count, classes, DetectionCalibration.DefaultLevels),
        };
    }
}
