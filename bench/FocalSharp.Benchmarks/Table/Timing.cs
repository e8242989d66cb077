using System.Diagnostics;

namespace FocalSharp.Benchmarks.Table;

/// <summary>Times in seconds of something that was run many times.</summary>
/// <param name="Seconds">Each run's, ascending.</param>
internal sealed record Timing(double[] Seconds)
{
    private const int MinRuns = 7;
    private const int WarmUpRounds = 3;
    private static readonly TimeSpan WarmUpPause = TimeSpan.FromMilliseconds(150);

    /// <summary>The middle one.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The time that a share of the runs does not exceed.</summary>
    public double Quantile(double share) => Seconds[(int)Math.Round(share * (Seconds.Length - 1))];

    /// <summary>Of times measured elsewhere, in any order.</summary>
    public static Timing From(List<double> seconds) => new([.. seconds.Order()]);

    /// <summary>Runs an action until a second or so is spent, after warming up.</summary>
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

    /// <summary>Runs two actions in turn, each first as often as second, after warming both up; with their ratios round by round, ascending.</summary>
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

    // The runtime compiles what is called often a second and a third time, but only once no new method has turned up for a tenth of a second: hence the rests.
    private static void WarmUp(double budget, Action action)
    {
        for (int stage = 0; stage < WarmUpRounds; stage++)
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

    // Seven runs at least, unless they are so long that fewer must do.
    private static bool ShouldContinue(double spent, double budget, int runs) => spent < budget || (runs < MinRuns && spent < 3 * budget) || runs < 1;

    private static double MeasureOnce(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
