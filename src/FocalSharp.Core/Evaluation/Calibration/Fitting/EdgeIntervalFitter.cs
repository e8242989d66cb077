using FocalSharp.Detections.Calibration;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>
/// Fits the intervals of edges by split-conformal prediction: one part of the images chooses and fits the scale, the other gives the quantiles of
/// error over scale. The guarantee rests on the scale not having seen the second part.
/// </summary>
internal static class EdgeIntervalFitter
{
    /// <summary>The fraction of the images that the scale is fitted to; it has at most eight coefficients, and the quantiles need the rest.</summary>
    public const double FitFraction = 1 / 3.0;

    private const ulong Seed = 3;

    /// <summary>Fits the intervals.</summary>
    /// <param name="boxes">Matched detections with the model's own deviations and scores.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="classes">The number of classes of the model.</param>
    /// <param name="levels">The levels, ascending.</param>
    /// <returns>The intervals; null if there is no matched detection.</returns>
    public static EdgeIntervalModel? Fit(IReadOnlyList<MatchedBox> boxes, int images, int classes, IReadOnlyList<double> levels)
    {
        if (boxes.Count == 0)
        {
            return null;
        }

        HashSet<int> fitImages = [.. ImageFolds.Shuffle(images, Seed).Take((int)(images * FitFraction))];
        MatchedBox[] rest = [.. boxes.Where(box => !fitImages.Contains(box.Image))];
        bool isFitted = rest.Length >= ConformalQuantile.RequiredCount(levels[^1]) && boxes.Count > rest.Length;
        EdgeSample[] fitted = isFitted ? DeviationScaleFitter.Observe([.. boxes.Where(box => fitImages.Contains(box.Image))]) : [];
        DeviationScale scale = isFitted ? DeviationScaleFitter.Fit(fitted) : DeviationScaleFitter.CreateOwn();
        double[] shift = new double[4];
        for (int side = 0; side < 4; side++)
        {
            shift[side] = FindShift([.. fitted.Where(sample => sample.Side == side).Select(sample => Ratio(sample, scale))]);
        }

        MatchedBox[] measured = isFitted ? rest : [.. boxes];
        double[] ratios = [.. measured.SelectMany(box => Enumerable.Range(0, 4).Select(side => box.Error(side) / scale.Compute(box.Detection, side)))];
        double factor = FindFactor([.. ratios.Select(Math.Abs).Order()]);
        double[] shiftInDeviations = [.. shift.Select(value => value / factor)];
        double[][] conformity = [.. Enumerable.Range(0, measured.Length).Select(box => Enumerable.Range(0, 4)
            .Select(side => Math.Abs(ratios[(4 * box) + side] - shift[side]) / factor).ToArray())];
        IntervalRow all = CreateRow(conformity, levels, shiftInDeviations, null);
        Dictionary<int, IntervalRow> byClass = [];
        IntervalRow?[] bySize = [];
        if (classes > 1)
        {
            foreach (IGrouping<int, int> group in Enumerable.Range(0, measured.Length).GroupBy(box => measured[box].Detection.Label))
            {
                if (CreateGroup(group) is { } row)
                {
                    byClass.Add(group.Key, row);
                }
            }
        }
        else
        {
            bySize = new IntervalRow?[3];
            foreach (IGrouping<int, int> group in Enumerable.Range(0, measured.Length).GroupBy(box => EdgeIntervalModel.SizeGroup(measured[box].Detection)))
            {
                bySize[group.Key] = CreateGroup(group);
            }
        }

        return new EdgeIntervalModel(scale, factor, all, byClass, bySize);

        IntervalRow? CreateGroup(IEnumerable<int> members)
        {
            double[][] own = [.. members.Select(box => conformity[box])];
            return own.Length >= ConformalQuantile.RequiredCount(levels[0]) ? CreateRow(own, levels, shiftInDeviations, all) : null;
        }
    }

    // A level for which the group is too small takes the width over all groups. Where that is less than the group's own width of a lower level, the
    // latter is used: a higher level is never narrower, and a wider interval covers no less.
    private static IntervalRow CreateRow(double[][] boxes, IReadOnlyList<double> levels, double[] shift, IntervalRow? all)
    {
        double[] edges = [.. boxes.SelectMany(box => box).Order()];
        double[] whole = [.. boxes.Select(box => box.Max()).Order()];
        return new IntervalRow(
            levels,
            TakeRunningMax(levels.Select((level, i) => Find(edges, level, all?.Edge[i]))),
            TakeRunningMax(levels.Select((level, i) => Find(whole, level, all?.Box[i]))),
            shift,
            boxes.Length);

        double Find(double[] ascending, double level, double? otherwise) =>
            otherwise is { } pooled && boxes.Length < ConformalQuantile.RequiredCount(level) ? pooled : ConformalQuantile.Compute(ascending, level);
    }

    private static double[] TakeRunningMax(IEnumerable<double> values)
    {
        double highest = 0;
        return [.. values.Select(value => highest = Math.Max(highest, value))];
    }

    private static double Ratio(EdgeSample sample, DeviationScale scale) => sample.Error / scale.Compute(sample.Features);

    /// <summary>
    /// Returns the median of error over scale, the most likely center of a Laplace distribution, if it raises the likelihood by more than the
    /// Bayesian information criterion asks for one parameter, <c>½ ln n</c>; otherwise 0.
    /// </summary>
    internal static double FindShift(double[] ratios)
    {
        if (ratios.Length == 0)
        {
            return 0;
        }

        double[] ascending = [.. ratios.Order()];
        double median = (ascending[(ascending.Length - 1) / 2] + ascending[ascending.Length / 2]) / 2;
        double gain = ratios.Sum(Math.Abs) - ratios.Sum(ratio => Math.Abs(ratio - median));
        return gain > Math.Log(ratios.Length) / 2 ? median : 0;
    }

    /// <summary>
    /// Returns the factor for which the fractions of values within one and two times the factor are closest to those of a normal distribution: the largest
    /// of the two differences is smallest.
    /// </summary>
    /// <param name="ascending">Absolute errors over scale, ascending.</param>
    internal static double FindFactor(double[] ascending)
    {
        (double best, double difference) = (1, double.PositiveInfinity);
        for (int i = 0; i < ascending.Length; i++)
        {
            if (!(ascending[i] > 0))
            {
                continue;
            }

            double one = (i + 1.0) / ascending.Length;
            double two = (double)CountUpTo(ascending, 2 * ascending[i]) / ascending.Length;
            double largest = Math.Max(Math.Abs(one - EdgeCalibration.NormalCoverageOneSigma), Math.Abs(two - EdgeCalibration.NormalCoverageTwoSigma));
            if (largest < difference)
            {
                (best, difference) = (ascending[i], largest);
            }
        }

        return best;
    }

    private static int CountUpTo(double[] ascending, double limit)
    {
        (int low, int high) = (0, ascending.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ascending[middle] <= limit ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
