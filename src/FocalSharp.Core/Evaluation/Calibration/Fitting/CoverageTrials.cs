using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>
/// Measures what a calibration is worth: the images are halved at random many times; one half calibrates, the other measures. Both halves are images
/// that the model was not trained on.
/// </summary>
internal static class CoverageTrials
{
    /// <summary>Runs the trials.</summary>
    /// <param name="images">Images with the labels of the model's classes.</param>
    /// <param name="detections">The detections of the model, not calibrated.</param>
    /// <param name="classes">The number of classes of the model.</param>
    /// <param name="trials">The number of random halves.</param>
    /// <param name="target">What scores shall estimate.</param>
    public static CoverageSummary Run(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections, int classes, int trials, string target = ScoreMapFitter.IouTarget)
    {
        List<CoverageTrial> results = [];
        for (int trial = 0; trial < trials; trial++)
        {
            int[] order = ImageFolds.Shuffle(images.Count, (ulong)trial);
            (int[] first, int[] second) = (order[..(order.Length / 2)], order[(order.Length / 2)..]);
            (DatasetImage[] fitImages, IReadOnlyList<Detection>[] fitDetections) = Select(first);
            (DatasetImage[] testImages, IReadOnlyList<Detection>[] testDetections) = Select(second);
            if (BoxMatcher.MatchAll(fitImages, fitDetections).Count == 0)
            {
                continue;
            }

            DetectionCalibration calibration = CalibrationFitter.Fit(fitImages, fitDetections, classes, target);
            results.Add(CoverageTrial.Measure(calibration, BoxMatcher.MatchAll(fitImages, fitDetections), testImages, testDetections, target));
        }

        return new CoverageSummary(DetectionCalibration.DefaultLevels, results);

        (DatasetImage[] Images, IReadOnlyList<Detection>[] Detections) Select(int[] indices) =>
            ([.. indices.Select(i => images[i])], [.. indices.Select(i => detections[i])]);
    }
}
