using System.Collections;

namespace FocalSharp.Detections;

/// <summary>
/// Quantiles of a detection's edges, in the order of the requested probabilities. Two instances are equal if all entries are. For a decoded
/// detection the quantiles are computed from its logits on first access.
/// </summary>
public sealed class EdgeQuantiles : IReadOnlyList<EdgeQuantile>, IEquatable<EdgeQuantiles>
{
    private readonly IReadOnlyList<double>? _probabilities;
    private EdgeDistributionReader? _reader;
    private EdgeQuantile[]? _entries;

    /// <summary>Creates quantiles from known values.</summary>
    /// <param name="quantiles">The quantiles.</param>
    public EdgeQuantiles(params EdgeQuantile[] quantiles) => _entries = quantiles;

    internal EdgeQuantiles(EdgeDistributionReader reading, IReadOnlyList<double> probabilities) => (_reader, _probabilities) = (reading, probabilities);

    /// <summary>Gets the empty list: no quantiles were requested, or the model provides deviations only.</summary>
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

    // Two threads that arrive together compute the same numbers; the logits are released only after the numbers are stored.
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
