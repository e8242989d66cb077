using FocalSharp.Detections.Calibration;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>Chooses the features of a deviation scale and fits their coefficients.</summary>
internal static class DeviationScaleFitter
{
    private const int MaxSteps = 50;
    private const double MinGain = 1e-9;
    private const double Ridge = 1e-6;
    private const ulong Seed = 2;

    /// <summary>The side indicators enter together.</summary>
    private static readonly int[][] Groups = [[1], [2], [3], [4], [5, 6, 7]];

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
    /// Fits <c>error ~ Laplace(0, scale)</c>. Features are added one after another, each time the one with the highest likelihood on held-out images
    /// (five-fold cross-validation), while that likelihood grows.
    /// </summary>
    /// <param name="samples">Edges, at least one.</param>
    public static DeviationScale Fit(IReadOnlyList<EdgeSample> samples)
    {
        int[] images = [.. samples.Select(sample => sample.Image).Distinct().Order()];
        int[] folds = ImageFolds.Assign(images.Length, Seed);
        Dictionary<int, int> foldOf = images.Select((image, i) => (image, folds[i])).ToDictionary();
        (EdgeSample[] Fit, EdgeSample[] Held)[] parts = [.. Enumerable.Range(0, ImageFolds.Count).Select(fold => (
            samples.Where(sample => foldOf[sample.Image] != fold).ToArray(), samples.Where(sample => foldOf[sample.Image] == fold).ToArray()))];
        int[] selected = [0];
        double best = HeldOutLoss(parts, selected);
        List<int[]> left = [.. Groups];
        while (left.Count > 0)
        {
            (double loss, int[] group) = left.Select(group => (HeldOutLoss(parts, [.. selected, .. group]), group)).MinBy(pair => pair.Item1);
            if (!(loss < best))
            {
                break;
            }

            (best, selected) = (loss, [.. selected, .. group]);
            left.Remove(group);
        }

        return Create(samples, selected, Minimize(samples, selected));
    }

    /// <summary>Creates a scale in proportion to the extent of the box: nothing is fitted.</summary>
    public static DeviationScale CreateProportional()
    {
        double[] coefficients = new double[DeviationScale.FeatureCount];
        double[] bound = new double[DeviationScale.FeatureCount];
        Array.Fill(bound, 20);
        coefficients[2] = 1;
        return new DeviationScale(coefficients, [.. bound.Select(value => -value)], bound);
    }

    /// <summary>Minimizes <c>Σ ln scale + |error| / scale</c>, which is convex in the coefficients, with Newton's method.</summary>
    /// <returns>A coefficient for each selected feature.</returns>
    internal static double[] Minimize(IReadOnlyList<EdgeSample> samples, int[] selected)
    {
        int n = selected.Length;
        double[] beta = new double[n];
        beta[0] = Math.Log(Math.Max(samples.Count == 0 ? 1 : samples.Average(sample => Math.Abs(sample.Error)), 1e-6));
        double loss = Loss(samples, selected, beta);
        for (int step = 0; step < MaxSteps; step++)
        {
            double[] gradient = new double[n];
            double[,] hessian = new double[n, n];
            foreach (EdgeSample sample in samples)
            {
                double ratio = Math.Abs(sample.Error) * Math.Exp(-Predict(sample, selected, beta));
                for (int i = 0; i < n; i++)
                {
                    double x = sample.Features[selected[i]];
                    gradient[i] += (1 - ratio) * x;
                    for (int j = 0; j <= i; j++)
                    {
                        hessian[i, j] += ratio * x * sample.Features[selected[j]];
                    }
                }
            }

            for (int i = 0; i < n; i++)
            {
                hessian[i, i] += Ridge * (1 + hessian[i, i]);
            }

            double[] direction = LinearSolver.SolveSymmetric(hessian, gradient);
            double scale = 1;
            double[] next = Move(scale);
            double nextLoss = Loss(samples, selected, next);
            while (!(nextLoss <= loss) && scale > 1e-6)
            {
                scale /= 2;
                next = Move(scale);
                nextLoss = Loss(samples, selected, next);
            }

            if (!(loss - nextLoss > MinGain * (1 + Math.Abs(loss))))
            {
                return nextLoss <= loss ? next : beta;
            }

            (beta, loss) = (next, nextLoss);

            double[] Move(double size) => [.. beta.Select((value, i) => value - (size * direction[i]))];
        }

        return beta;
    }

    private static double HeldOutLoss((EdgeSample[] Fit, EdgeSample[] Held)[] parts, int[] selected) =>
        parts.Sum(part => part.Fit.Length == 0 ? 0 : LossWithin(part.Held, Create(part.Fit, selected, Minimize(part.Fit, selected))));

    private static double LossWithin(EdgeSample[] samples, DeviationScale scale) => samples.Sum(sample =>
    {
        double log = scale.ComputeLogarithm(sample.Features);
        return log + (Math.Abs(sample.Error) * Math.Exp(-log));
    });

    private static double Loss(IReadOnlyList<EdgeSample> samples, int[] selected, double[] beta)
    {
        double sum = 0;
        foreach (EdgeSample sample in samples)
        {
            double log = Predict(sample, selected, beta);
            sum += log + (Math.Abs(sample.Error) * Math.Exp(-log));
        }

        return sum;
    }

    private static double Predict(EdgeSample sample, int[] selected, double[] beta)
    {
        double sum = 0;
        for (int i = 0; i < selected.Length; i++)
        {
            sum += beta[i] * sample.Features[selected[i]];
        }

        return Math.Clamp(sum, -30, 30);
    }

    private static DeviationScale Create(IReadOnlyList<EdgeSample> samples, int[] selected, double[] beta)
    {
        int count = DeviationScale.FeatureCount;
        (double[] coefficients, double[] min, double[] max) = (new double[count], new double[count], new double[count]);
        for (int i = 0; i < selected.Length; i++)
        {
            int feature = selected[i];
            coefficients[feature] = beta[i];
            min[feature] = samples.Min(sample => sample.Features[feature]);
            max[feature] = samples.Max(sample => sample.Features[feature]);
        }

        return new DeviationScale(coefficients, min, max);
    }
}
