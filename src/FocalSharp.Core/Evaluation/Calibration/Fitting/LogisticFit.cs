using FocalSharp.Detections.Calibration;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>Fits logistic score maps by maximum likelihood with Newton's method.</summary>
internal static class LogisticFit
{
    private const int MaxSteps = 100;
    private const double MinStep = 1e-10;

    /// <summary>
    /// Minimizes the cross entropy of <c>sigmoid(slope · logit(score) + intercept)</c> with targets between 0 and 1.
    /// </summary>
    /// <param name="samples">Scores and targets.</param>
    /// <param name="fitIntercept">Whether the intercept is fitted; otherwise it is 0 (temperature scaling).</param>
    /// <returns>The map; null if the likelihood has no maximum with a positive slope.</returns>
    public static ScoreMap? Fit(IReadOnlyList<ScoreSample> samples, bool fitIntercept)
    {
        (double slope, double intercept) = (1, 0);
        for (int step = 0; step < MaxSteps; step++)
        {
            (double ga, double gb, double haa, double hab, double hbb) = (0, 0, 0, 0, 0);
            foreach (ScoreSample sample in samples)
            {
                double x = ScoreMap.Logit(sample.Score);
                double p = ScoreMap.Sigmoid((slope * x) + intercept);
                double residual = p - sample.Target;
                double weight = p * (1 - p);
                (ga, gb) = (ga + (residual * x), gb + residual);
                (haa, hab, hbb) = (haa + (weight * x * x), hab + (weight * x), hbb + weight);
            }

            double determinant = (haa * hbb) - (hab * hab);
            (double da, double db) = fitIntercept
                ? (((hbb * ga) - (hab * gb)) / determinant, ((haa * gb) - (hab * ga)) / determinant)
                : (ga / haa, 0);
            if (!double.IsFinite(da) || !double.IsFinite(db))
            {
                return null;
            }

            // The full step can overshoot far from the minimum.
            double size = Math.Max(Math.Abs(da), Math.Abs(db));
            double damping = size > 1 ? 1 / size : 1;
            (slope, intercept) = (slope - (damping * da), intercept - (damping * db));
            if (size < MinStep)
            {
                break;
            }
        }

        return slope > 1e-3 && slope < 1e3 && Math.Abs(intercept) < 1e3 ? new ScoreMap(slope, intercept) : null;
    }
}
