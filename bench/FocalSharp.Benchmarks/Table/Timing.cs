using System.Diagnostics;

namespace FocalSharp.Benchmarks.Table;

/// <summary>Times of repeated runs, in seconds.</summary>
/// <param name="Seconds">The time of each run, ascending.</param>
internal sealed record Timing(double[] Seconds)
{
    private const int MinRuns = 7;
    private const int WarmUpRounds = 3;
    private static readonly TimeSpan WarmUpPause = TimeSpan.FromMilliseconds(150);

    /// <summary>Gets the median.</summary>
    public double Median => Quantile(0.5);

    /// <summary>Returns the time that the given fraction of the runs does not exceed.</summary>
    public double Quantile(double fraction) => Seconds[(int)Math.Round(fraction * (Seconds.Length - 1))];

    /// <summary>Creates a timing from times in any order.</summary>
    public static Timing From(List<double> seconds) => new([.. seconds.Order()]);

    /// <summary>Warms up, then runs an action until the budget in seconds is spent.</summary>
    public static Timing Measure(Action action, double budget = 1.5)
    {
        WarmUp(budget / 3, action);
        List<double> seconds = [];
        for (double spent = 0; ShouldContinue(spent, budget, seconds.Count);)
        {
            seconds.Add(MeasureOnce(action));
            spent += seconds[^1];
        }

        return From(seconds);
    }

    /// <summary>Warms both up, then runs two actions in turn, alternating which is first. Also returns the ratio of each round, ascending.</summary>
    public static (Timing Ours, Timing Reference, double[] Ratios) MeasureAlternating(Action ours, Action reference, double budget = 3)
    {
        WarmUp(budget / 3, reference);
        WarmUp(budget / 3, ours);
        List<double> left = [];
        List<double> right = [];
        for (double spent = 0; ShouldContinue(spent, budget, left.Count);)
        {
            if (left.Count % 2 == 0)
            {
                left.Add(MeasureOnce(ours));
                right.Add(MeasureOnce(reference));
            }
            else
            {
                right.Add(MeasureOnce(reference));
                left.Add(MeasureOnce(ours));
            }

            spent += left[^1] + right[^1];
        }

        double[] ratios = [.. left.Zip(right, (a, b) => b / a).Order()];
        return (From(left), From(right), ratios);
    }

    // Tiered compilation recompiles hot methods only after 100 ms without new ones: hence the pauses.
    private static void WarmUp(double budget, Action action)
    {
        for (int round = 0; round < WarmUpRounds; round++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            for (int i = 0; ShouldContinue(watch.Elapsed.TotalSeconds, budget / WarmUpRounds, i); i++)
            {
                action();
            }

            if (watch.Elapsed.TotalSeconds < budget)
            {
                Thread.Sleep(WarmUpPause);
            }
        }
    }

    // At least seven runs, unless they take more than three budgets.
    private static bool ShouldContinue(double spent, double budget, int runs) => spent < budget || (runs < MinRuns && spent < 3 * budget) || runs < 1;

    private static double MeasureOnce(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
