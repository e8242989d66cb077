using FocalSharp.Assignment;
using FocalSharp.Benchmarks.Table.Simulation;
using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>Assignment, head loss and decoding by image area, objects, classes and bins.</summary>
internal sealed class KernelScaling : IRowGroup
{
    /// <inheritdoc/>
    public string Name => "growth";

    /// <inheritdoc/>
    public string Title => "Growth with image area, objects, classes and regMax (FocalSharp only; n is the quantity that grows from row to row)";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure() =>
        ScalingRows.Rows("ATSS, 100 objects, {0} pixels", [400 * 672, 800 * 1344, 1600 * 2688, 3200 * 5376], area => Assign(area, 100), 0)
            .Concat(ScalingRows.Rows("ATSS at 800×1344, {0} objects", [30, 100, 300, 1000, 3000], objects => Assign(800 * 1344, objects), 1))
            .Concat(ScalingRows.Rows("head loss, 2 images, 30 objects, 80 classes, {0} pixels", [400 * 672, 800 * 1344, 1600 * 2688], area => HeadLoss(area, 30, 80, 16), 1))
            .Concat(ScalingRows.Rows("head loss at 800×1344, {0} objects", [10, 100, 1000], objects => HeadLoss(800 * 1344, objects, 80, 16), 1))
            .Concat(ScalingRows.Rows("head loss at 800×1344, {0} classes", [20, 80, 320], classes => HeadLoss(800 * 1344, 30, classes, 16), 1))
            .Concat(ScalingRows.Rows("head loss at 800×1344, regMax {0}", [8, 16, 32, 64], bins => HeadLoss(800 * 1344, 30, 80, bins), 1))
            .Concat(ScalingRows.Rows("decoding and NMS, 80 classes, {0} pixels", [400 * 672, 800 * 1344, 1600 * 2688], area => Decode(area, 80, 16), 1))
            .Concat(ScalingRows.Rows("decoding and NMS at 800×1344, {0} classes", [20, 80, 320], classes => Decode(800 * 1344, classes, 16), 1))
            .Concat(ScalingRows.Rows("decoding and NMS at 800×1344, regMax {0}", [8, 16, 32, 64], bins => Decode(800 * 1344, 80, bins), 1));

    // Width and height in COCO's usual aspect ratio, multiples of 32.
    private static (int Width, int Height) Sides(int area)
    {
        double scale = Math.Sqrt(area / (800.0 * 1344));
        return ((int)(1344 * scale), (int)(800 * scale));
    }

    private static (Action, IDisposable?) Assign(int area, int objects)
    {
        (int width, int height) = Sides(area);
        Random random = new(1);
        AnchorGrid grid = AssignmentRows.Grid(width, height);

        // The same objects for every image size, and different ones in each run, so that branch prediction does not memorize them.
        (float[] Boxes, int[] Labels)[] scenes = [.. Enumerable.Range(0, 1 + (6000 / objects)).Select(_ => (
            SimulatedObjects.Boxes(random, objects, 672, 400), SimulatedObjects.Labels(random, objects, 80)))];
        AtssAssigner assigner = new();
        int next = 0;
        return (
            () =>
            {
                (float[] boxes, int[] labels) = scenes[next++ % scenes.Length];
                assigner.Assign(grid, boxes, labels);
            },
            null);
    }

    private static (Action, IDisposable?) HeadLoss(int area, int objects, int classes, int regMax)
    {
        (int width, int height) = Sides(area);
        Random random = new(1);
        HeadOutput output = SimulatedMaps.Create(2, width, height, classes, regMax: regMax, gradient: true);
        GroundTruth[] truths = [.. Enumerable.Range(0, 2).Select(_ => new GroundTruth(
            SimulatedObjects.Boxes(random, objects, width, height), SimulatedObjects.Labels(random, objects, classes), width, height))];
        GflCriterion criterion = new(new GflHeadOptions { RegMax = regMax }, new GflLossOptions(), classes);
        Tensor[] maps = [.. output.Scores, .. output.BoxDistributionLogits];
        return (() =>
        {
            using FinalizerPause pause = FinalizerPause.Begin();
            using DisposeScope scope = NewDisposeScope();
            using LossTerms terms = criterion.Compute(output, truths);
            autograd.grad([terms.Total()], maps);
        }, output);
    }

    private static (Action, IDisposable?) Decode(int area, int classes, int regMax)
    {
        (int width, int height) = Sides(area);
        HeadOutput output = SimulatedMaps.Create(1, width, height, classes, -8, 1.5, regMax);
        HeadDecoder predictor = new(new GflHeadOptions { RegMax = regMax }, classes);
        ResizeTransform[] frames = [new ResizeTransform(width, height)];
        return (() => predictor.Decode(output, frames), output);
    }
}
