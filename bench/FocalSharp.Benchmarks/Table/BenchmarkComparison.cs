using FocalSharp.Torch.Native;

namespace FocalSharp.Benchmarks.Table;

/// <summary>Measures ours beside the reference and makes a row of it.</summary>
internal static class BenchmarkComparison
{
    /// <summary>The row of two actions.</summary>
    /// <param name="name">What is measured, on what.</param>
    /// <param name="ours">One run of ours.</param>
    /// <param name="reference">One run of the reference.</param>
    /// <param name="wanted">How many times faster it is to be.</param>
    /// <param name="deviation">The largest difference of the two results, relative to their size; what it may be is up to the caller to check.</param>
    /// <param name="memoryShare">Share of the reference's extra memory that ours may take, or null.</param>
    /// <param name="note">What a reader must know.</param>
    public static BenchmarkRow Row(
        string name, Action ours, Action reference, double? wanted, double deviation, double? memoryShare = null, string note = "")
    {
        // Both inside one pause of finalizers, as a training step holds it: see FinalizerPause for why TorchSharp needs it.
        Timing mine;
        Timing theirs;
        double[] ratios;
        using (FinalizerPause.Begin())
        {
            (mine, theirs, ratios) = Timing.MeasureAlternating(ours, reference);
        }

        (long? myBytes, long? theirBytes) = (PeakMemory.Measure(ours), PeakMemory.Measure(reference));
        double ratio = theirs.Median / mine.Median;
        (double low, double high) = (ratios[ratios.Length / 10], ratios[ratios.Length - 1 - (ratios.Length / 10)]);
        bool? met = wanted is double target ? ratio >= target : null;
        string want = wanted is double times ? $"≥ {times:0.#}×" : "";
        if (memoryShare is double share && myBytes is long myPeakBytes && theirBytes is long theirPeakBytes)
        {
            met = met != false && myPeakBytes <= theirPeakBytes * share;
            want += $", memory ≤ 1/{1 / share:0.#}";
        }

        return new BenchmarkRow(name)
        {
            Ours = Units.Time(mine.Median),
            Reference = Units.Time(theirs.Median),
            Ratio = $"**{ratio:0.0}×** ({low:0.0}–{high:0.0})",
            Target = want,
            Memory = $"{Units.Bytes(myBytes)} / {Units.Bytes(theirBytes)}",
            IsTargetMet = met,
            Note = note.Length > 0 ? $"{note}; differ by {deviation:0.0e0}" : $"differ by {deviation:0.0e0}",
            Numbers = new Dictionary<string, double>
            {
                ["ours_seconds"] = mine.Median,
                ["reference_seconds"] = theirs.Median,
                ["ratio"] = ratio,
                ["ratio_p10"] = low,
                ["ratio_p90"] = high,
                ["rounds"] = ratios.Length,
                ["ours_peak_bytes"] = myBytes ?? -1,
                ["reference_peak_bytes"] = theirBytes ?? -1,
                ["deviation"] = deviation,
            },
        };
    }

    /// <summary>The row of one action with a limit of its own.</summary>
    /// <param name="name">What is measured, on what.</param>
    /// <param name="ours">One run.</param>
    /// <param name="maxSeconds">What it may take.</param>
    /// <param name="maxBytes">What it may take above the size before.</param>
    /// <param name="note">What a reader must know.</param>
    public static BenchmarkRow Limit(string name, Action ours, double? maxSeconds, long? maxBytes = null, string note = "")
    {
        Timing time = Timing.Measure(ours);
        long? bytes = PeakMemory.Measure(ours);
        bool? met = maxSeconds is double seconds ? time.Median <= seconds : null;
        if (maxBytes is long max)
        {
            met = met != false && !(bytes > max);
        }

        return new BenchmarkRow(name)
        {
            Ours = Units.Time(time.Median),
            Target = string.Join(", ", new[] { maxSeconds is double a ? $"≤ {Units.Time(a)}" : "", maxBytes is long b ? $"≤ {Units.Bytes(b)}" : "" }.Where(one => one.Length > 0)),
            Memory = Units.Bytes(bytes),
            IsTargetMet = met,
            Note = note,
            Numbers = new Dictionary<string, double> { ["ours_seconds"] = time.Median, ["ours_peak_bytes"] = bytes ?? -1, ["runs"] = time.Seconds.Length },
        };
    }
}
