using FocalSharp.Benchmarks.Table.References;
using FocalSharp.Benchmarks.Table.Simulation;
using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>From raw outputs to detections.</summary>
internal sealed class DecodingRows : IRowGroup
{
    private const double BoxTolerance = 0.01;

    /// <inheritdoc/>
    public string Name => "decode";

    /// <inheritdoc/>
    public string Title => "From raw maps to detections: scores, integral, selection, NMS (800×1344, 80 classes)";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        yield return Row("as many pairs above the threshold as in a photo", -8, 1.5, 5, "FocalSharp also computes deviations");
        yield return Row("as above, with quantiles", -8, 1.5, null, "three quantiles per edge, computed when read", quantiles: true);
        yield return Row("every second pair above the threshold", -2.944, 1, 5, "worst case of selection");
    }

    private static BenchmarkRow Row(string name, double bias, double spread, double? minSpeedup, string note, bool quantiles = false)
    {
        (int width, int height) = (1344, 800);
        using HeadOutput output = SimulatedMaps.Create(1, width, height, 80, bias, spread);
        GflHeadOptions head = new();
        HeadDecoder predictor = new(head, 80);
        ResizeTransform[] frames = [new ResizeTransform(width, height)];
        PostprocessOptions options = quantiles ? new() : new() { Quantiles = [] };
        OfficialDecoding official = new(head.Strides, 80, head.RegMax);
        float threshold = 2.9444f;
        int passing = output.Scores.Sum(map => (int)map.gt(-threshold).sum().item<long>());
        return BenchmarkComparison.Row(
            $"{name} ({passing})",
            () => predictor.Decode(output, frames, options),
            () => official.Decode(output.Scores, output.BoxDistributionLogits, width, height),
            minSpeedup,
            Deviation(predictor.Decode(output, frames, options)[0], official.Decode(output.Scores, output.BoxDistributionLogits, width, height)),
            note: note);
    }

    private static double Deviation(Detection[] ours, (Box[] Boxes, float[] Scores) official)
    {
        if (ours.Length != official.Boxes.Length)
        {
            throw new InvalidOperationException($"FocalSharp returns {ours.Length} detections, the reference {official.Boxes.Length}.");
        }

        double worst = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            (Box a, Box b) = (ours[i].Box, official.Boxes[i]);
            worst = new[] { worst, Math.Abs(a.X1 - b.X1), Math.Abs(a.Y1 - b.Y1), Math.Abs(a.X2 - b.X2), Math.Abs(a.Y2 - b.Y2), Math.Abs(ours[i].Score - official.Scores[i]) }.Max();
        }

        return worst <= BoxTolerance ? worst : throw new InvalidOperationException($"FocalSharp and the reference differ by {worst:0.000} px.");
    }
}
