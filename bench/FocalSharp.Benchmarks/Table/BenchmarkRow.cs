namespace FocalSharp.Benchmarks.Table;

/// <summary>One line of the table: what it says, and the numbers behind it for the JSON file.</summary>
/// <param name="Name">What was measured, on what.</param>
internal sealed record BenchmarkRow(string Name)
{
    /// <summary>Our time, or whatever the row is about, with its unit.</summary>
    public string Ours { get; init; } = "";

    /// <summary>The reference's, or empty where the row has none.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Reference over ours, or how the row grows.</summary>
    public string Ratio { get; init; } = "";

    /// <summary>What is wanted of the row, or empty.</summary>
    public string Target { get; init; } = "";

    /// <summary>Peak extra memory, ours and the reference's.</summary>
    public string Memory { get; init; } = "";

    /// <summary>Whether the row is as wanted; null where nothing is wanted of it.</summary>
    public bool? IsTargetMet { get; init; }

    /// <summary>What a reader must know of it.</summary>
    public string Note { get; init; } = "";

    /// <summary>The numbers, by name: seconds, bytes, ratios.</summary>
    public IReadOnlyDictionary<string, double> Numbers { get; init; } = new Dictionary<string, double>();
}
