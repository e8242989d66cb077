using System.Collections;

namespace FocalSharp.Detections;

/// <summary>Chosen quantiles of a detection's edges, in the order in which they were asked for. Equal where all its entries are.</summary>
/// <param name="quantiles">The quantiles.</param>
public sealed class EdgeQuantiles(params EdgeQuantile[] quantiles) : IReadOnlyList<EdgeQuantile>, IEquatable<EdgeQuantiles>
{
    /// <summary>No quantiles: nobody asked, or the model's file tells deviations alone.</summary>
    public static EdgeQuantiles None { get; } = new();

    /// <inheritdoc/>
    public int Count => quantiles.Length;

    /// <inheritdoc/>
    public EdgeQuantile this[int index] => quantiles[index];

    /// <inheritdoc/>
    public IEnumerator<EdgeQuantile> GetEnumerator() => ((IEnumerable<EdgeQuantile>)quantiles).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(EdgeQuantiles? other) => other is not null && this.SequenceEqual(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EdgeQuantiles);

    /// <inheritdoc/>
    public override int GetHashCode() => quantiles.Aggregate(quantiles.Length, HashCode.Combine);
}
