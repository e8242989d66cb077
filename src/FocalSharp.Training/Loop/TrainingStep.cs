using System.Runtime.InteropServices;
using FocalSharp.Reporting;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Detectors.Distillation;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Training.Loop;

/// <summary>
/// One step of the optimizer: for each batch preprocess, forward, losses and backward; then clip the gradients, update the weights and their
/// moving average. A bad step (invalid targets, NaN or exploding loss or gradients) leaves the weights unchanged and is reported to the caller.
/// </summary>
/// <param name="trainer">What is trained.</param>
internal sealed class TrainingStep(Trainer trainer)
{
    /// <summary>Takes a step.</summary>
    /// <param name="group">The batches whose gradients are averaged.</param>
    /// <param name="epoch">The epoch, for the metrics.</param>
    public StepOutcome Take(IReadOnlyList<TrainingBatch> group, int epoch)
    {
        StepProfiler profiler = trainer.Profiler;
        StepMetrics step = new(epoch, trainer.NextStep, 0, 0, 0, 0, trainer.Schedule.GetLearningRate(trainer.NextStep), 0, 0, 0, 0, Skipped: false);
        using FinalizerPause pause = FinalizerPause.Begin(); // one for all parts of the step
        if (trainer.Model.Guidance is { } guidance)
        {
            guidance.IsDetached = epoch >= trainer.Model.Options.Loss.GuidanceDetachEpoch;
        }

        trainer.BatchNormStatistics.Save();
        profiler.Lap(StepPhase.StatisticsGuard);
        trainer.Optimizer.ZeroGrad();
        profiler.Lap(StepPhase.Clip);
        for (int i = 0; i < group.Count; i++)
        {
            TrainingBatch batch = group[i];
            bool isInvalid = BadStepDiagnosis.FindInvalidTargets(batch, trainer.Model.Options.Classes.Count).Count > 0;
            if (trainer.Ranks.Max(isInvalid ? 1 : 0) > 0)
            {
                return new StepOutcome(step, BadStepKind.InvalidTarget, batch) { Rank = FindHighest(isInvalid ? 1 : 0) };
            }

            trainer.Gradients?.BeginBatch(isFirst: i == 0, isLast: i == group.Count - 1);
            (StepMetrics part, double ownLoss) = ForwardBackward(batch, group.Count, step);
            if (trainer.LossGuard.Check(part.Loss) is { } kind)
            {
                return new StepOutcome(part, kind, batch) { Rank = FindHighest(double.IsFinite(ownLoss) ? ownLoss : double.MaxValue) };
            }

            step = step.Add(part, group.Count);
        }

        trainer.Gradients?.Finish();
        profiler.Lap(StepPhase.GradientWait);
        double norm = trainer.Optimizer.ClipGradients();
        if (!double.IsFinite(norm))
        {
            return new StepOutcome(step, BadStepKind.NonFiniteGradient, group[^1]);
        }

        profiler.Lap(StepPhase.Clip);
        trainer.IsBetweenSteps = false;
        trainer.ConsecutiveBadSteps = 0;
        trainer.LossGuard.Update(step.Loss);
        trainer.Optimizer.Step(step.LearningRate);
        profiler.Lap(StepPhase.Optimizer);
        trainer.MovingAverage?.Update();
        trainer.IsBetweenSteps = true;
        profiler.Lap(StepPhase.MovingAverage);
        return new StepOutcome(step with { GradientNorm = norm }, BadStep: null, group[^1]);
    }

    /// <summary>Runs a batch forward and, if its loss is usable, backward.</summary>
    /// <returns>The metrics of the batch over all ranks, and the part of this rank in its loss.</returns>
    private (StepMetrics Step, double OwnLoss) ForwardBackward(TrainingBatch batch, int batches, StepMetrics step)
    {
        StepProfiler profiler = trainer.Profiler;
        using DisposeScope scope = NewDisposeScope();
        using SynchronizedNorms norms = SynchronizedNorms.Enter(trainer.SumOfNorms);
        Tensor input = trainer.Model.Preprocess(batch.Pixels, batch.Height, batch.Width, batch.Frames, trainer.Device);
        profiler.Lap(StepPhase.HostToTensor);
        using TeacherOutput? teacher = trainer.Distiller?.Teach(batch);
        HeadOutput output = trainer.Model.call(input);
        profiler.Lap(StepPhase.Forward);
        trainer.Criterion.Progress = trainer.Schedule.GetProgress(trainer.NextStep);
        using LossTerms losses = trainer.Criterion.Compute(output, batch.Targets, out HeadTargets targets);
        Tensor? distilled = teacher is null ? null : trainer.Distiller!.Compute(output, targets, batch, teacher);
        double[] sums =
        [
            losses.Classification.item<float>(), losses.Box.item<float>(), losses.Distribution.item<float>(), distilled?.item<float>() ?? 0, losses.Positives, batch.Count,
        ];
        double ownLoss = sums[0] + sums[1] + sums[2] + sums[3];
        trainer.Ranks.AllReduceSum(sums);
        step = step with
        {
            QualityLoss = sums[0],
            BoxLoss = sums[1],
            DistributionLoss = sums[2],
            DistillationLoss = sums[3],
            Positives = (int)sums[4],
            Images = (int)sums[5],
        };
        profiler.Lap(StepPhase.Losses, StepPhase.Assignment, trainer.Criterion.AssignmentTime);
        if (trainer.LossGuard.Check(step.Loss) is null)
        {
            Tensor loss = distilled is null ? losses.Total() : losses.Total() + distilled;
            (batches == 1 ? loss : loss / batches).backward();
            trainer.Gradients?.EndBatch();
        }

        profiler.Lap(StepPhase.Backward);
        return (step, ownLoss);
    }

    /// <summary>Returns the rank whose number is the highest: the lowest one of several.</summary>
    private int FindHighest(double own)
    {
        double[] all = new double[trainer.Ranks.Size];
        trainer.Ranks.AllGather(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(ref own)), MemoryMarshal.AsBytes(all.AsSpan()));
        return Array.IndexOf(all, all.Max());
    }
}

/// <summary>How a step ended.</summary>
/// <param name="Metrics">The metrics, without times.</param>
/// <param name="BadStep">Why the step was bad and changed nothing, or null.</param>
/// <param name="Batch">The batch of a bad step; otherwise the last one.</param>
internal readonly record struct StepOutcome(StepMetrics Metrics, BadStepKind? BadStep, TrainingBatch Batch)
{
    /// <summary>Gets the rank whose batch made the step a bad one.</summary>
    public int Rank { get; init; }
}
