namespace FocalSharp.Training.Tuning.Search;

/// <summary>
/// Successive halving (Jamieson and Talwalkar, arXiv 1502.07943): many sets of values are trained for few steps, the best third for three times
/// as many, the best third of those for nine times as many.
/// </summary>
internal static class HalvingPlan
{
    /// <summary>The factor between two rungs.</summary>
    public const int Factor = 3;

    /// <summary>The number of rungs.</summary>
    public const int Rungs = 3;

    /// <summary>The sets of values that start together.</summary>
    public const int BracketSize = 9;

    /// <summary>The longest trial as a fraction of the run.</summary>
    public const double LongestFraction = 0.5;

    /// <summary>Returns the steps of a rung.</summary>
    /// <param name="runSteps">Steps of the whole run.</param>
    /// <param name="rung">The rung, from 0.</param>
    public static int GetSteps(int runSteps, int rung) =>
        Math.Max(1, (int)Math.Round(LongestFraction * runSteps / Math.Pow(Factor, Rungs - 1 - rung)));

    /// <summary>Returns the trials that are promoted: the best third, at least one. Failed trials are not.</summary>
    /// <param name="finished">The trials of a rung.</param>
    public static IReadOnlyList<SearchTrial> Promote(IReadOnlyList<SearchTrial> finished) =>
        [.. finished.Where(trial => trial.AP >= 0).OrderByDescending(trial => trial.AP).ThenBy(trial => trial.Number).Take(Math.Max(1, finished.Count / Factor))];
}
