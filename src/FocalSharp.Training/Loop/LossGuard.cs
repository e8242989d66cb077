using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Loop;

/// <summary>Checks each loss: it must be finite, and not many times the moving average of the losses before.</summary>
/// <param name="options">The limits.</param>
internal sealed class LossGuard(LossGuardOptions options)
{
    private const double Decay = 0.98;
    private const double MinAverage = 1e-6;

    /// <summary>Gets the moving average of the loss over the steps that were taken.</summary>
    public double AverageLoss { get; private set; }

    /// <summary>Gets the number of losses in the average.</summary>
    public int LossCount { get; private set; }

    /// <summary>Continues from an average.</summary>
    public void Restore(double averageLoss, int lossCount) => (AverageLoss, LossCount) = (averageLoss, lossCount);

    /// <summary>Returns what is wrong with a loss, or null.</summary>
    public BadStepKind? Check(double loss)
    {
        if (!double.IsFinite(loss))
        {
            return BadStepKind.NonFiniteLoss;
        }

        bool exploded = options.ExplosionFactor > 0 && LossCount >= options.WarmupSteps
            && loss > options.ExplosionFactor * Math.Max(AverageLoss, MinAverage);
        return exploded ? BadStepKind.LossExploded : null;
    }

    /// <summary>Adds the loss of a step that was taken to the average.</summary>
    public void Update(double loss)
    {
        AverageLoss = LossCount == 0 ? loss : (Decay * AverageLoss) + ((1 - Decay) * loss);
        LossCount++;
    }
}
