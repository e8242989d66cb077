using FocalSharp.Benchmarks.Table.Simulation;
using FocalSharp.Evaluation;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>COCO evaluation against the size of the data set: to a million objects and five million results.</summary>
internal sealed class EvaluationGrowth : IRowGroup
{
    /// <inheritdoc/>
    public string Name => "growth-coco";

    /// <inheritdoc/>
    public string Title => "Growth of COCO evaluation with the data set: 7.2 objects and 100 results an image, simulated";

    /// <inheritdoc/>
    public IEnumerable<BenchRow> Measure() =>
        Growth.Rows("judging {0} images", [5_000, 16_000, 50_000, 139_000], Judge, 1, "the last: a million objects, 13.9 million results")
            .Concat(Growth.Rows("reading both files of {0} images", [5_000, 16_000, 50_000], Read, 1, "the last: 360000 objects, 5 million results"));

    private static (Action, IDisposable?) Judge(int images)
    {
        (CocoGroundTruth truth, CocoResults results) = SimulatedCoco.Create(images, (int)(images * 7.2), images * 100);
        return (() => CocoEvaluator.Evaluate(truth, results), null);
    }

    private static (Action, IDisposable?) Read(int images)
    {
        CocoFolder folder = CocoFolder.Write(images, (int)(images * 7.2), images * 100);
        return (() => EvaluationRows.ReadBoth(folder), folder);
    }
}
