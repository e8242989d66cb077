using System.Diagnostics;

namespace FocalSharp.Benchmarks.Table;

/// <summary>Times in seconds of something that was run many times.</summary>
/// <param name="Seconds">Each run's, ascending.</param>
internal sealed record Timing(double[] Seconds)
{
    private const double LeastRuns = 7;

    /// <summary>The middle one.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The time that a share of the runs does not exceed.</summary>
    public double Quantile(double share) => Seconds[(int)Math.Round(share * (Seconds.Length - 1))];

    /// <summary>Runs an action until a second or so is spent, after warming up.</summary>
    public static Timing Of(Action action, double budget = 1.5)
    {
        WarmUp(budget / 3, action);
        List<double> seconds = [];
        for (double spent = 0; spent < budget || seconds.Count < LeastRuns;)
        {
            seconds.Add(Once(action));
            spent += seconds[^1];
        }

        return From(seconds);
    }

    /// <summary>Runs two actions in turn, each first as often as second, after warming both up; with their ratios round by round, ascending.</summary>
    public static (Timing Ours, Timing Reference, double[] Ratios) InTurn(Action ours, Action reference, double budget = 3)
    {
        WarmUp(budget / 4, ours);
        WarmUp(budget / 4, reference);
        List<double> left = [];
        List<double> right = [];
        for (double spent = 0; spent < budget || left.Count < LeastRuns;)
        {
            if (left.Count % 2 == 0)
            {
                left.Add(Once(ours));
                right.Add(Once(reference));
            }
            else
            {
                right.Add(Once(reference));
                left.Add(Once(ours));
            }

            spent += left[^1] + right[^1];
        }

        double[] ratios = [.. left.Zip(right, (a, b) => b / a).Order()];
        return (From(left), From(right), ratios);
    }

    private static Timing From(List<double> seconds) => new([.. seconds.Order()]);

    // Long enough for the compiler's second, optimising round, which comes after thirty calls and a moment.
    private static void WarmUp(double budget, Action action)
    {
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < 3 || watch.Elapsed.TotalSeconds < budget; i++)
        {
            action();
        }
    }

    private static double Once(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
