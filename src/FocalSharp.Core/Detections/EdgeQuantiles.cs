using System.Collections;

namespace FocalSharp.Detections;

/// <summary>
/// Chosen quantiles of a detection's edges, in the order in which they were asked for. Equal where all its entries are. A decoded
/// detection keeps its logits and reads the quantiles from them when they are first looked at: nobody pays for what nobody reads.
/// </summary>
public sealed class EdgeQuantiles : IReadOnlyList<EdgeQuantile>, IEquatable<EdgeQuantiles>
{
    private readonly IReadOnlyList<double>? _probabilities;
    private EdgeDistributionReader? _reader;
    private EdgeQuantile[]? _entries;

    /// <summary>Quantiles that are known.</summary>
    /// <param name="quantiles">The quantiles.</param>
    public EdgeQuantiles(params EdgeQuantile[] quantiles) => _entries = quantiles;

    internal EdgeQuantiles(EdgeDistributionReader reading, IReadOnlyList<double> probabilities) => (_reader, _probabilities) = (reading, probabilities);

    /// <summary>No quantiles: nobody asked, or the model's file tells deviations alone.</summary>
    public static EdgeQuantiles None { get; } = new();

    /// <inheritdoc/>
    public int Count => _probabilities?.Count ?? _entries!.Length;

    private EdgeQuantile[] Entries => Volatile.Read(ref _entries) ?? Read();

    /// <inheritdoc/>
    public EdgeQuantile this[int index] => Entries[index];

    /// <inheritdoc/>
    public IEnumerator<EdgeQuantile> GetEnumerator() => ((IEnumerable<EdgeQuantile>)Entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(EdgeQuantiles? other) => other is not null && Entries.AsSpan().SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EdgeQuantiles);

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Aggregate(Count, HashCode.Combine);

    // Two threads that come at once read the same numbers; the logits are let go only when the numbers are in their place.
    private EdgeQuantile[] Read()
    {
        if (Volatile.Read(ref _reader) is EdgeDistributionReader reading)
        {
            Volatile.Write(ref _entries, reading.ReadQuantiles(_probabilities!));
            Volatile.Write(ref _reader, null);
        }

        return _entries!;
    }
}
