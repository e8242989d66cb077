using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Trainers;

/// <summary>Knows what a usual loss is, and which one is not.</summary>
/// <param name="options">The bounds.</param>
public sealed class LossSentinel(SentinelOptions options)
{
    private const double Memory = 0.98;

    /// <summary>The usual loss: a moving average over the steps that were taken.</summary>
    public double Usual { get; private set; }

    /// <summary>Losses that it was learned from.</summary>
    public int Seen { get; private set; }

    /// <summary>Continues where another left off.</summary>
    public void Restore(double usual, int seen) => (Usual, Seen) = (usual, seen);

    /// <summary>What is wrong with a loss, or null.</summary>
    public Faults.FaultKind? Judge(double loss)
    {
        if (!double.IsFinite(loss))
        {
            return Faults.FaultKind.LossNotFinite;
        }

        bool exploded = options.Explosion > 0 && Seen >= options.LearnSteps && loss > options.Explosion * Math.Max(Usual, 1e-6);
        return exploded ? Faults.FaultKind.LossExploded : null;
    }

    /// <summary>Learns from the loss of a step that was taken.</summary>
    public void Learn(double loss)
    {
        Usual = Seen == 0 ? loss : (Memory * Usual) + ((1 - Memory) * loss);
        Seen++;
    }
}
