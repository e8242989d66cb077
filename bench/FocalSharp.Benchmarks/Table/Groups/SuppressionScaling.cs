using FocalSharp.Boxes;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>NMS where nothing overlaps: the most that it can cost.</summary>
internal sealed class SuppressionScaling : IRowGroup
{
    /// <inheritdoc/>
    public string Name => "growth-nms";

    /// <inheritdoc/>
    public string Title => "Growth of NMS with boxes of one class that all stay (its bound: each box against all that stayed before it, n²/2)";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure() => ScalingRows.Rows(
        "{0} boxes",
        [1_000, 2_500, 5_000, 10_000, 20_000],
        count =>
        {
            Random random = new(1);
            float[] boxes = SuppressionRows.NonOverlapping(count);
            float[] scores = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
            return (() => Nms.Select(boxes, scores, [], 0.6), null);
        },
        2,
        "a detector hands over at most 1000 boxes a level");
}
