using FocalSharp.Training.Loop;

namespace FocalSharp.Explorer.Training;

/// <summary>The sums of the losses of consecutive steps: a point of the curves.</summary>
/// <param name="Step">The last of the steps, from 1.</param>
/// <param name="Count">The number of steps.</param>
/// <param name="Quality">The sum of the Quality Focal Loss.</param>
/// <param name="Box">The sum of the GIoU loss.</param>
/// <param name="Distribution">The sum of the Distribution Focal Loss.</param>
internal readonly record struct LossPoint(int Step, int Count, double Quality, double Box, double Distribution)
{
    /// <summary>Adds a step.</summary>
    public LossPoint Add(StepMetrics step) => Merge(new LossPoint(step.Step + 1, 1, step.QualityLoss, step.BoxLoss, step.DistributionLoss));

    /// <summary>Adds the steps that follow.</summary>
    public LossPoint Merge(LossPoint next) =>
        new(next.Step, Count + next.Count, Quality + next.Quality, Box + next.Box, Distribution + next.Distribution);
}
