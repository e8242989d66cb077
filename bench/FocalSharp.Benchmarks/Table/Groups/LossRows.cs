using FocalSharp.Benchmarks.Table.References;
using FocalSharp.Benchmarks.Table.Simulation;
using FocalSharp.Torch.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>QFL, DFL and GIoU, forward and backward, through their public modules.</summary>
internal sealed class LossRows : IRowGroup
{
    /// <inheritdoc/>
    public string Name => "losses";

    /// <inheritdoc/>
    public string Title => "Losses, forward and backward";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        yield return Quality(20_000, 80, 300, 5);
        yield return Quality(44_800, 80, 300, 5);
        yield return Distribution(20_000, 17, 3);
        yield return Giou(5_000, 3);
    }

    /// <summary>Creates the row of QFL with N rows.</summary>
    public static BenchmarkRow Quality(int rows, int classes, int positives, double? minSpeedup)
    {
        manual_seed(1);
        Random random = new(1);
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = (randn(rows, classes) - 4.6).requires_grad_(true);
        long[] labels = new long[rows];
        Array.Fill(labels, classes);
        for (int i = 0; i < positives; i++)
        {
            labels[random.Next(rows)] = random.Next(classes);
        }

        Tensor label = tensor(labels);
        Tensor quality = rand(rows);
        Tensor weight = ones(rows);
        QualityFocalLoss module = new();
        return Losses.Compare(
            $"QFL, {rows}×{classes}, {positives} positives",
            logits,
            () => module.forward(logits, label, quality, weight, positives),
            () => OfficialLosses.QualityFocal(logits, label, quality, weight, positives),
            minSpeedup,
            minSpeedup is null ? null : 1.0 / 3);
    }

    /// <summary>Creates the row of DFL with N rows.</summary>
    public static BenchmarkRow Distribution(int rows, int bins, double? minSpeedup)
    {
        manual_seed(1);
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = randn(rows, bins).requires_grad_(true);
        Tensor target = rand(rows) * (bins - 1.1);
        Tensor weight = rand(rows);
        DistributionFocalLoss module = new(lossWeight: 0.25);
        return Losses.Compare(
            $"DFL, {rows}×{bins}",
            logits,
            () => module.forward(logits, target, weight, 4),
            () => OfficialLosses.DistributionFocal(logits, target, weight, 4) * 0.25,
            minSpeedup);
    }

    private static BenchmarkRow Giou(int pairs, double minSpeedup)
    {
        Random random = new(1);
        using DisposeScope scope = NewDisposeScope();
        float[] truth = SimulatedObjects.Boxes(random, pairs, 1344, 800);
        float[] predicted = [.. truth.Select(edge => edge + (8 * (random.NextSingle() - 0.5f)))];
        Tensor target = tensor(truth).view(-1, 4);
        Tensor prediction = tensor(predicted).view(-1, 4).requires_grad_(true);
        Tensor weight = rand(pairs);
        GiouLoss module = new(lossWeight: 2);
        return Losses.Compare(
            $"GIoU, {pairs} boxes",
            prediction,
            () => module.forward(prediction, target, weight, 1),
            () => OfficialLosses.Giou(prediction, target, weight, 1) * 2,
            minSpeedup);
    }
}
