using FocalSharp.Benchmarks.Table.Simulation;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>COCO evaluation of a set as large as val2017, and reading its two files.</summary>
internal sealed class EvaluationRows : IRowGroup
{
    /// <inheritdoc/>
    public string Name => "coco";

    /// <inheritdoc/>
    public string Title => "COCO evaluation: 5000 images, 36000 objects, 500000 results, 80 classes";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        using SimulatedCocoFolder folder = SimulatedCocoFolder.Write(5_000, 36_000, 500_000);
        (CocoGroundTruth truth, CocoResults results) = (CocoGroundTruth.Read(folder.GroundTruth), CocoResults.Read(folder.Results));
        yield return BenchmarkComparison.Limit(
            "evaluating", () => CocoEvaluator.Evaluate(truth, results), 2.5, 1L << 30, "the official Python code: 43 s and 2.3 GB, measured separately");
        yield return BenchmarkComparison.Limit(
            $"reading both files ({folder.Bytes / 1e6:0} MB)", () => ReadBoth(folder), 1.5, null, "in parallel, one thread each");
        yield return BenchmarkComparison.Limit("reading and evaluating", () => CocoEvaluator.EvaluateFiles(folder.GroundTruth, folder.Results), null, 1L << 30);
    }

    /// <summary>Reads both files as <see cref="CocoEvaluator.EvaluateFiles"/> does.</summary>
    public static void ReadBoth(SimulatedCocoFolder folder)
    {
        Task<CocoResults> results = Task.Run(() => CocoResults.Read(folder.Results));
        _ = CocoGroundTruth.Read(folder.GroundTruth);
        results.Wait();
    }
}
