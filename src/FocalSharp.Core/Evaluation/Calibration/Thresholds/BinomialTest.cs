namespace FocalSharp.Evaluation.Calibration.Thresholds;

/// <summary>Exact binomial probabilities and bounds.</summary>
internal static class BinomialTest
{
    /// <summary>
    /// Returns the probability of at least <paramref name="successes"/> of <paramref name="count"/> independent trials: the p-value of the hypothesis that
    /// the probability of a success is at most <paramref name="probability"/>.
    /// </summary>
    public static double UpperTail(int successes, int count, double probability)
    {
        if (successes <= 0 || probability >= 1)
        {
            return successes > count ? 0 : 1;
        }

        if (successes > count || probability <= 0)
        {
            return 0;
        }

        // The terms are added from the largest exponent of the smallest ones, in logarithms, so that none underflows to 0 first.
        double logOdds = Math.Log(probability) - Math.Log(1 - probability);
        double log = LogChoose(count, successes) + (successes * Math.Log(probability)) + ((count - successes) * Math.Log(1 - probability));
        double max = log;
        List<double> terms = [log];
        for (int k = successes; k < count; k++)
        {
            log += Math.Log((double)(count - k) / (k + 1)) + logOdds;
            max = Math.Max(max, log);
            terms.Add(log);
        }

        return Math.Min(1, Math.Exp(max) * terms.Sum(term => Math.Exp(term - max)));
    }

    /// <summary>
    /// Returns the one-sided lower bound of Clopper and Pearson (1934): the largest probability for which so many successes are still rejected at
    /// <c>1 − confidence</c>. 0 without successes.
    /// </summary>
    public static double LowerBound(int successes, int count, double confidence)
    {
        if (successes <= 0)
        {
            return 0;
        }

        (double low, double high) = (0, 1);
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = UpperTail(successes, count, middle) <= 1 - confidence ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>
    /// Returns the number of trials from which all of them being successes shows a probability of at least <paramref name="target"/>:
    /// <c>⌈ln(1 − confidence) / ln(target)⌉</c>.
    /// </summary>
    public static int RequiredCount(double target, double confidence) => (int)Math.Ceiling((Math.Log(1 - confidence) / Math.Log(target)) - 1e-9);

    private static double LogChoose(int n, int k)
    {
        double sum = 0;
        for (int i = 1; i <= Math.Min(k, n - k); i++)
        {
            sum += Math.Log((double)(n - i + 1) / i);
        }

        return sum;
    }
}
