namespace FocalSharp.Benchmarks.Table;

/// <summary>One row of the table, and its numbers for the JSON file.</summary>
/// <param name="Name">What was measured, on which input.</param>
internal sealed record BenchmarkRow(string Name)
{
    /// <summary>FocalSharp's time (or other quantity) with its unit.</summary>
    public string Ours { get; init; } = "";

    /// <summary>The reference's, or empty.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Reference divided by FocalSharp, or the growth.</summary>
    public string Ratio { get; init; } = "";

    /// <summary>The target, or empty.</summary>
    public string Target { get; init; } = "";

    /// <summary>Peak extra memory of FocalSharp and the reference.</summary>
    public string Memory { get; init; } = "";

    /// <summary>Whether the target is met; null without a target.</summary>
    public bool? IsTargetMet { get; init; }

    /// <summary>A note for the reader.</summary>
    public string Note { get; init; } = "";

    /// <summary>The numbers by name: seconds, bytes, ratios.</summary>
    public IReadOnlyDictionary<string, double> Numbers { get; init; } = new Dictionary<string, double>();
}
