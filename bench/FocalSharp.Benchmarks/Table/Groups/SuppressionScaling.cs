using FocalSharp.Boxes;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>NMS without overlaps: the worst case.</summary>
internal sealed class SuppressionScaling : IRowGroup
{
    /// <inheritdoc/>
    public string Name => "growth-nms";

    /// <inheritdoc/>
    public string Title => "Growth of NMS with boxes of one class that are all retained (bound: each box is compared with all retained before it, n²/2)";

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
        "a detector passes at most 1000 boxes per level");
}
