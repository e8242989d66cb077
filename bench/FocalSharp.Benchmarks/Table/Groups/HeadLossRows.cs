using FocalSharp.Assignment;
using FocalSharp.Benchmarks.Table.References;
using FocalSharp.Benchmarks.Table.Simulation;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>Everything between a head's maps and their gradients: anchors, assignment, targets, three losses, backward.</summary>
internal sealed class HeadLossRows : IRowGroup
{
    /// <inheritdoc/>
    public string Name => "head-loss";

    /// <inheritdoc/>
    public string Title => "Head loss: assignment, targets, three losses, backward";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        yield return Row(2, 1344, 800, 80, 30, minSpeedup: 4);
        yield return Row(8, 320, 320, 80, 8, minSpeedup: null);
    }

    /// <summary>Creates the row of one batch.</summary>
    public static BenchmarkRow Row(int images, int width, int height, int classes, int objects, double? minSpeedup, int regMax = 16)
    {
        using DisposeScope scope = NewDisposeScope();
        Random random = new(1);
        GflHeadOptions head = new() { RegMax = regMax };
        using HeadOutput output = SimulatedMaps.Create(images, width, height, classes, regMax: regMax, gradient: true);
        GroundTruth[] truths = [.. Enumerable.Range(0, images).Select(_ => new GroundTruth(
            SimulatedObjects.Boxes(random, objects, width, height), SimulatedObjects.Labels(random, objects, classes), width, height))];
        Tensor[] boxes = [.. truths.Select(truth => tensor(truth.Boxes).view(-1, 4))];
        Tensor[] labels = [.. truths.Select(truth => tensor(Array.ConvertAll(truth.Labels, label => (long)label)))];
        GflCriterion criterion = new(head, new GflLossOptions(), classes);
        OfficialHeadLoss official = new(head.Strides, classes, regMax);
        return Losses.Compare(
            $"{images} images of {height}×{width}, {classes} classes, {objects} objects each",
            [.. output.Scores, .. output.BoxDistributionLogits],
            () =>
            {
                using LossTerms terms = criterion.Compute(output, truths);
                return terms.Total();
            },
            () => official.Compute(output.Scores, output.BoxDistributionLogits, boxes, labels),
            minSpeedup);
    }
}
