using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Loop;

/// <summary>Knows what a usual loss is, and which one is not.</summary>
/// <param name="options">The bounds.</param>
public sealed class LossGuard(LossGuardOptions options)
{
    private const double Decay = 0.98;

    /// <summary>The usual loss: a moving average over the steps that were taken.</summary>
    public double AverageLoss { get; private set; }

    /// <summary>Losses that it was learned from.</summary>
    public int LossCount { get; private set; }

    /// <summary>Continues where another left off.</summary>
    public void Restore(double usual, int seen) => (AverageLoss, LossCount) = (usual, seen);

    /// <summary>What is wrong with a loss, or null.</summary>
    public FocalSharp.Training.Loop.Faults.BadStepKind? Check(double loss)
    {
        if (!double.IsFinite(loss))
        {
            return FocalSharp.Training.Loop.Faults.BadStepKind.NonFiniteLoss;
        }

        bool exploded = options.ExplosionFactor > 0 && LossCount >= options.WarmupSteps && loss > options.ExplosionFactor * Math.Max(AverageLoss, 1e-6);
        return exploded ? FocalSharp.Training.Loop.Faults.BadStepKind.LossExploded : null;
    }

    /// <summary>Learns from the loss of a step that was taken.</summary>
    public void Update(double loss)
    {
        AverageLoss = LossCount == 0 ? loss : (Decay * AverageLoss) + ((1 - Decay) * loss);
        LossCount++;
    }
}
