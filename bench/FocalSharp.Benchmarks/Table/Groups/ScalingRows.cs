namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>Rows that show how time grows with one quantity.</summary>
internal static class ScalingRows
{
    /// <summary>
    /// Creates one row per size with the exponent of growth since the previous row; the last row also contains the exponent since the first and its
    /// target.
    /// </summary>
    /// <param name="name">What is measured; <c>{0}</c> stands for the size.</param>
    /// <param name="sizes">Values of the quantity, ascending.</param>
    /// <param name="prepare">Prepares one run of a size.</param>
    /// <param name="power">Maximum exponent from the first size to the last.</param>
    /// <param name="note">A note for the reader.</param>
    public static IEnumerable<BenchmarkRow> Rows(string name, IReadOnlyList<int> sizes, Func<int, (Action Run, IDisposable? Inputs)> prepare, double power, string note = "")
    {
        double first = 0;
        double before = 0;
        for (int i = 0; i < sizes.Count; i++)
        {
            (Action run, IDisposable? inputs) = prepare(sizes[i]);
            double seconds;
            long? bytes;
            using (inputs)
            {
                seconds = Timing.Measure(run, 0.6).Median;
                bytes = PeakMemory.Measure(run);
            }

            double exponent = i == 0 ? double.NaN : Math.Log(seconds / before) / Math.Log(sizes[i] / (double)sizes[i - 1]);
            bool last = i == sizes.Count - 1;
            first = i == 0 ? seconds : first;
            double overall = i == 0 ? double.NaN : Math.Log(seconds / first) / Math.Log(sizes[i] / (double)sizes[0]);
            yield return new BenchmarkRow(string.Format(null, name, sizes[i]))
            {
                Ours = Units.Time(seconds),
                Ratio = i == 0 ? "" : last ? $"n^{exponent:0.00}; overall n^{overall:0.00}" : $"n^{exponent:0.00}",
                Target = last ? $"≤ n^{power:0.#} (+{Noise:0.#} for caches)" : "",
                Memory = Units.Bytes(bytes),
                IsTargetMet = last ? overall <= power + Noise : null,
                Note = last ? note : "",
                Numbers = new Dictionary<string, double>
                {
                    ["size"] = sizes[i],
                    ["ours_seconds"] = seconds,
                    ["ours_peak_bytes"] = bytes ?? -1,
                    ["exponent"] = i == 0 ? 0 : exponent,
                    ["exponent_overall"] = i == 0 ? 0 : overall,
                },
            };
            before = seconds;
        }
    }

    // Tolerance of the exponent: large inputs no longer fit the caches.
    private const double Noise = 0.2;
}
