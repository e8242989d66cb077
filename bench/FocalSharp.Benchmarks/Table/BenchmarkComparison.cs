using FocalSharp.Torch.Native;

namespace FocalSharp.Benchmarks.Table;

/// <summary>Measures FocalSharp and the reference and creates a row.</summary>
internal static class BenchmarkComparison
{
    /// <summary>Creates the row of two actions.</summary>
    /// <param name="name">What is measured, on what.</param>
    /// <param name="ours">One run of FocalSharp.</param>
    /// <param name="reference">One run of the reference.</param>
    /// <param name="minSpeedup">Required speedup, or null.</param>
    /// <param name="deviation">The largest relative difference of the two results; the caller checks it.</param>
    /// <param name="maxMemoryFraction">Maximum extra memory as a fraction of the reference's, or null.</param>
    /// <param name="note">A note for the reader.</param>
    public static BenchmarkRow Row(
        string name, Action ours, Action reference, double? minSpeedup, double deviation, double? maxMemoryFraction = null, string note = "")
    {
        // Both run inside one FinalizerPause, as a training step does.
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
        bool? met = minSpeedup is double target ? ratio >= target : null;
        string want = minSpeedup is double times ? $"≥ {times:0.#}×" : "";
        if (maxMemoryFraction is double share && myBytes is long myPeakBytes && theirBytes is long theirPeakBytes)
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
            Note = note.Length > 0 ? $"{note}; deviation {deviation:0.0e0}" : $"deviation {deviation:0.0e0}",
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

    /// <summary>Creates the row of one action with limits.</summary>
    /// <param name="name">What is measured, on what.</param>
    /// <param name="ours">One run.</param>
    /// <param name="maxSeconds">Maximum median time in seconds, or null.</param>
    /// <param name="maxBytes">Maximum extra memory in bytes, or null.</param>
    /// <param name="note">A note for the reader.</param>
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
