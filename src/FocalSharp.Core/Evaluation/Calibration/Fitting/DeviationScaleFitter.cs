using FocalSharp.Detections.Calibration;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>Fits the coefficients of a deviation scale.</summary>
internal static class DeviationScaleFitter
{
    private const int MaxSteps = 50;
    private const double MinGain = 1e-9;
    private const double Jitter = 1e-6;
    private const ulong Seed = 2;

    /// <summary>The level at which widths are compared: the middle one of the stored levels.</summary>
    private const double WidthLevel = 0.9;

    /// <summary>The strengths of the pull toward the model's own deviations: from almost none to almost nothing else.</summary>
    private static readonly double[] Penalties = [1, 10, 100, 1000, 10_000];

    /// <summary>The candidates for the power of the scale: 0 is a constant width, 1 the scale itself.</summary>
    private static readonly double[] Powers = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <summary>Gets the coefficients of the model's own deviations, <c>ln σ = ln(σ / extent) + ln extent</c>, toward which the fit is pulled.</summary>
    private static double[] Prior
    {
        get
        {
            double[] prior = new double[DeviationScale.FeatureCount];
            (prior[1], prior[2]) = (1, 1);
            return prior;
        }
    }

    /// <summary>Returns the edges of matched detections with their features.</summary>
    public static EdgeSample[] Observe(IReadOnlyList<MatchedBox> boxes)
    {
        EdgeSample[] samples = new EdgeSample[4 * boxes.Count];
        for (int i = 0; i < samples.Length; i++)
        {
            (int box, int side) = Math.DivRem(i, 4);
            double[] features = new double[DeviationScale.FeatureCount];
            DeviationScale.Fill(boxes[box].Detection, side, features);
            samples[i] = new EdgeSample(box, boxes[box].Image, side, boxes[box].Error(side), features);
        }

        return samples;
    }

    /// <summary>
    /// Fits <c>error ~ Laplace(0, scale)</c> with a penalty on coefficients that differ from those of the model's own deviations, as strong as gives
    /// the highest likelihood on held-out images (five-fold cross-validation). Then raises the scale to the power at which intervals of 90 % are
    /// narrowest on held-out images: the fewer and noisier the examples, the closer the widths are to a constant.
    /// </summary>
    /// <param name="samples">Edges, at least one.</param>
    public static DeviationScale Fit(IReadOnlyList<EdgeSample> samples)
    {
        int[] images = [.. samples.Select(sample => sample.Image).Distinct().Order()];
        int[] folds = ImageFolds.Assign(images.Length, Seed);
        Dictionary<int, int> foldOf = images.Select((image, i) => (image, folds[i])).ToDictionary();
        (EdgeSample[] Fit, EdgeSample[] Held)[] parts =
        [
            .. Enumerable.Range(0, ImageFolds.Count).Select(fold => (
                samples.Where(sample => foldOf[sample.Image] != fold).ToArray(), samples.Where(sample => foldOf[sample.Image] == fold).ToArray()))
                .Where(part => part.Item1.Length > 0 && part.Item2.Length > 0),
        ];
        if (parts.Length == 0)
        {
            return CreateOwn();
        }

        DeviationScale[] best = [];
        double lowest = double.PositiveInfinity;
        double chosen = Penalties[^1];
        foreach (double penalty in Penalties)
        {
            DeviationScale[] scales = [.. parts.Select(part => Minimize(part.Fit, penalty))];
            double loss = parts.Zip(scales).Sum(pair => Loss(pair.First.Held, pair.Second));
            if (loss < lowest)
            {
                (best, lowest, chosen) = (scales, loss, penalty);
            }
        }

        (double Error, double Log)[] held =
        [
            .. parts.Zip(best).SelectMany(pair => pair.First.Held.Select(sample => (Math.Abs(sample.Error), pair.Second.ComputeLogarithm(sample.Features)))),
        ];
        double power = Powers.MinBy(value => MeanWidth(held, value));
        return Minimize(samples, chosen).Raise(power);
    }

    /// <summary>Creates the model's own deviations as a scale: nothing is fitted.</summary>
    public static DeviationScale CreateOwn()
    {
        double[] bound = new double[DeviationScale.FeatureCount];
        Array.Fill(bound, 20);
        return new DeviationScale(Prior, [.. bound.Select(value => -value)], bound);
    }

    /// <summary>
    /// Minimizes <c>Σ ln scale + |error| / scale + ½ penalty Σ variance (coefficient − prior)²</c>, which is convex in the coefficients, with Newton's
    /// method. The variance of a feature makes the penalty independent of its unit; the constant is not penalized.
    /// </summary>
    internal static DeviationScale Minimize(IReadOnlyList<EdgeSample> samples, double penalty)
    {
        int n = DeviationScale.FeatureCount;
        double[] prior = Prior;
        double[] weights = [.. Enumerable.Range(0, n).Select(i => i == 0 ? 0 : penalty * Variance(samples, i))];
        double[] beta = [.. prior];
        beta[0] = Math.Log(Math.Max(samples.Average(sample => Math.Abs(sample.Error) * Math.Exp(-Predict(sample, beta))), 1e-6));
        double loss = Objective(beta);
        for (int step = 0; step < MaxSteps; step++)
        {
            double[] direction = FindDirection(samples, beta, prior, weights);
            double size = 1;
            double[] next = Move();
            double nextLoss = Objective(next);
            while (!(nextLoss <= loss) && size > 1e-6)
            {
                size /= 2;
                next = Move();
                nextLoss = Objective(next);
            }

            if (!(loss - nextLoss > MinGain * (1 + Math.Abs(loss))))
            {
                break;
            }

            (beta, loss) = (next, nextLoss);

            double[] Move() => [.. beta.Select((value, i) => value - (size * direction[i]))];
        }

        return new DeviationScale(
            beta,
            [.. Enumerable.Range(0, n).Select(i => samples.Min(sample => sample.Features[i]))],
            [.. Enumerable.Range(0, n).Select(i => samples.Max(sample => sample.Features[i]))]);

        double Objective(double[] coefficients)
        {
            double sum = 0;
            foreach (EdgeSample sample in samples)
            {
                double log = Predict(sample, coefficients);
                sum += log + (Math.Abs(sample.Error) * Math.Exp(-log));
            }

            for (int i = 0; i < n; i++)
            {
                sum += weights[i] * (coefficients[i] - prior[i]) * (coefficients[i] - prior[i]) / 2;
            }

            return sum;
        }
    }

    private static double[] FindDirection(IReadOnlyList<EdgeSample> samples, double[] beta, double[] prior, double[] weights)
    {
        int n = beta.Length;
        double[] gradient = new double[n];
        double[,] hessian = new double[n, n];
        foreach (EdgeSample sample in samples)
        {
            double ratio = Math.Abs(sample.Error) * Math.Exp(-Predict(sample, beta));
            for (int i = 0; i < n; i++)
            {
                gradient[i] += (1 - ratio) * sample.Features[i];
                for (int j = 0; j <= i; j++)
                {
                    hessian[i, j] += ratio * sample.Features[i] * sample.Features[j];
                }
            }
        }

        for (int i = 0; i < n; i++)
        {
            gradient[i] += weights[i] * (beta[i] - prior[i]);
            hessian[i, i] += weights[i] + (Jitter * (1 + hessian[i, i]));
        }

        return LinearSolver.SolveSymmetric(hessian, gradient);
    }

    // The width that contains the level's fraction of the held-out edges if it is proportional to the power of the scale.
    private static double MeanWidth((double Error, double Log)[] held, double power)
    {
        double[] ratios = [.. held.Select(sample => sample.Error * Math.Exp(-power * sample.Log)).Order()];
        return ConformalQuantile.Compute(ratios, WidthLevel) * held.Average(sample => Math.Exp(power * sample.Log));
    }

    private static double Loss(EdgeSample[] samples, DeviationScale scale) => samples.Sum(sample =>
    {
        double log = scale.ComputeLogarithm(sample.Features);
        return log + (Math.Abs(sample.Error) * Math.Exp(-log));
    });

    private static double Variance(IReadOnlyList<EdgeSample> samples, int feature)
    {
        double mean = samples.Average(sample => sample.Features[feature]);
        return samples.Average(sample => (sample.Features[feature] - mean) * (sample.Features[feature] - mean));
    }

    private static double Predict(EdgeSample sample, double[] beta)
    {
        double sum = 0;
        for (int i = 0; i < beta.Length; i++)
        {
            sum += beta[i] * sample.Features[i];
        }

        return Math.Clamp(sum, -30, 30);
    }
}
