using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>Chooses and fits the map of a model's scores.</summary>
internal static class ScoreMapFitter
{
    /// <summary>The target of scores that estimate the IoU (paper, section 3.1); 0 for a detection that matches nothing.</summary>
    public const string IouTarget = "iou";

    /// <summary>The target of scores that estimate the probability of a match.</summary>
    public const string PrecisionTarget = "precision";

    private const ulong Seed = 1;

    /// <summary>Returns the score and target of every detection outside crowds.</summary>
    public static IReadOnlyList<ScoreSample> Observe(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections, string target = IouTarget)
    {
        List<ScoreSample> samples = [];
        for (int i = 0; i < images.Count; i++)
        {
            foreach ((Detection detection, ObjectAnnotation? truth) in BoxMatcher.Match(images[i], detections[i]))
            {
                if (truth is null && ScoreCalibration.IsInCrowd(detection, images[i]))
                {
                    continue;
                }

                double iou = truth is null ? 0 : BoxIou.Iou(truth.Box, detection.Box);
                samples.Add(new ScoreSample(i, detection.Label, detection.Score, iou, target == PrecisionTarget ? (truth is null ? 0 : 1) : iou));
            }
        }

        return samples;
    }

    /// <summary>
    /// Fits the identity, a temperature, a slope with an intercept, and isotonic regression, and returns the one with the highest likelihood on held-out
    /// images (five-fold cross-validation).
    /// </summary>
    /// <param name="samples">Scores and targets.</param>
    /// <param name="images">The number of images.</param>
    /// <returns>The map; null for the identity.</returns>
    public static ScoreMap? Fit(IReadOnlyList<ScoreSample> samples, int images)
    {
        Func<IReadOnlyList<ScoreSample>, ScoreMap?>[] candidates =
        [
            _ => null,
            part => LogisticFit.Fit(part, fitIntercept: false),
            part => LogisticFit.Fit(part, fitIntercept: true),
            IsotonicFit.Fit,
        ];
        int[] folds = ImageFolds.Assign(images, Seed);
        double[] losses = new double[candidates.Length];
        for (int fold = 0; fold < ImageFolds.Count; fold++)
        {
            ScoreSample[] fit = [.. samples.Where(sample => folds[sample.Image] != fold)];
            ScoreSample[] held = [.. samples.Where(sample => folds[sample.Image] == fold)];
            for (int i = 0; i < candidates.Length; i++)
            {
                ScoreMap? map = candidates[i](fit);
                losses[i] += held.Sum(sample => CrossEntropy(map?.Map(sample.Score) ?? sample.Score, sample.Target));
            }
        }

        return candidates[Array.IndexOf(losses, losses.Min())](samples);
    }

    /// <summary>Returns <c>−y ln p − (1 − y) ln(1 − p)</c>, with p clamped away from 0 and 1.</summary>
    internal static double CrossEntropy(double probability, double target)
    {
        double p = Math.Clamp(probability, ScoreMap.Margin, 1 - ScoreMap.Margin);
        return (-target * Math.Log(p)) - ((1 - target) * Math.Log(1 - p));
    }
}
