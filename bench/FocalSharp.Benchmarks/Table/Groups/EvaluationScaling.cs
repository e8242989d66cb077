using FocalSharp.Benchmarks.Table.Simulation;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>COCO evaluation by data set size, up to ten times COCO's val2017.</summary>
internal sealed class EvaluationScaling : IRowGroup
{
    private static readonly int[] Images = [1_000, 5_000, 9_328, 50_000];

    /// <inheritdoc/>
    public string Name => "growth-coco";

    /// <inheritdoc/>
    public string Title => "Growth of COCO evaluation with the data set: 7.2 objects and 100 results per image, simulated";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure() =>
        ScalingRows.Rows("evaluating {0} images", Images, Evaluate, 1, "1 million boxes at 9328 images; last row: 360000 objects and 5 million results")
            .Concat(ScalingRows.Rows("reading both files of {0} images", Images, Read, 1));

    private static (Action, IDisposable?) Evaluate(int images)
    {
        (CocoGroundTruth truth, CocoResults results) = SimulatedCoco.Create(images, (int)(images * 7.2), images * 100);
        return (() => CocoEvaluator.Evaluate(truth, results), null);
    }

    private static (Action, IDisposable?) Read(int images)
    {
        SimulatedCocoFolder folder = SimulatedCocoFolder.Write(images, (int)(images * 7.2), images * 100);
        return (() => EvaluationRows.ReadBoth(folder), folder);
    }
}
