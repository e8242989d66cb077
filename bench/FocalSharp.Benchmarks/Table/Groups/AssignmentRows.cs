using FocalSharp.Assignment;
using FocalSharp.Benchmarks.Table.References;
using FocalSharp.Benchmarks.Table.Simulation;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>ATSS of one image.</summary>
internal sealed class AssignmentRows : IRowGroup
{
    /// <inheritdoc/>
    public string Name => "atss";

    /// <inheritdoc/>
    public string Title => "ATSS of one image (the reference gets precomputed anchors)";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        foreach ((int width, int height, int objects, double? minSpeedup) in new (int, int, int, double?)[]
        {
            (1344, 800, 100, 20), (1344, 800, 10, null), (2688, 1600, 100, null),
        })
        {
            yield return Row(width, height, objects, minSpeedup);
        }
    }

    private static BenchmarkRow Row(int width, int height, int objects, double? minSpeedup)
    {
        using DisposeScope scope = NewDisposeScope();
        Random random = new(1);
        float[] boxes = SimulatedObjects.Boxes(random, objects, width, height);
        int[] labels = SimulatedObjects.Labels(random, objects, 80);
        AnchorGrid grid = Grid(width, height);
        AtssAssigner assigner = new();
        Tensor anchors = cat([.. grid.Levels.ToArray().Select(level => OfficialHeadLoss.Anchors(level.Stride, level.Height, level.Width))]);
        long[] counts = [.. grid.Levels.ToArray().Select(level => (long)level.Count)];
        Tensor objectBoxes = tensor(boxes).view(-1, 4);
        return BenchmarkComparison.Row(
            $"{height}×{width}, {objects} objects",
            () => assigner.Assign(grid, boxes, labels),
            () =>
            {
                using DisposeScope inner = NewDisposeScope();
                OfficialAtss.Assign(anchors, counts, objectBoxes);
            },
            minSpeedup,
            Deviation());

        double Deviation()
        {
            long[] official = [.. OfficialAtss.Assign(anchors, counts, objectBoxes).data<long>()];
            int[] ours = assigner.Assign(grid, boxes, labels).ToDense(grid.Count);
            int different = official.Zip(ours).Count(pair => pair.First != pair.Second);
            return different == 0 ? 0 : throw new InvalidOperationException($"{different} of {grid.Count} anchors are assigned differently than by the reference.");
        }
    }

    /// <summary>Creates the official anchors of an input.</summary>
    public static AnchorGrid Grid(int width, int height)
    {
        int[] strides = [.. new GflHeadOptions().Strides];
        return AnchorGrid.Create(strides, Array.ConvertAll(strides, stride => ((width + stride - 1) / stride, (height + stride - 1) / stride)));
    }
}
