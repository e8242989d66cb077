using FocalSharp.Training.Data;

namespace FocalSharp.Training.Distributed;

/// <summary>What all ranks decide together before a step, in one exchange: whether to stop, and the size of the padded batches.</summary>
internal static class StepAgreement
{
    private const int FixedValues = 2;

    /// <summary>Returns the batches of a step, padded to the size that one process would give the whole batch.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="group">The batches of this rank.</param>
    /// <param name="failure">Why the batches could not be loaded, or null.</param>
    /// <param name="canceled">Whether this rank was asked to stop.</param>
    /// <param name="maxBatches">The maximum number of batches of a step.</param>
    /// <returns>The batches, and whether a rank was asked to stop.</returns>
    /// <exception cref="TrainingException">The batches of a rank could not be loaded.</exception>
    public static (IReadOnlyList<TrainingBatch> Group, bool Canceled) Reach(
        ICollective ranks, IReadOnlyList<TrainingBatch> group, FocalSharpException? failure, bool canceled, int maxBatches)
    {
        double[] values = new double[FixedValues + (2 * maxBatches)];
        (values[0], values[1]) = (canceled ? 1 : 0, failure is null ? 0 : 1);
        for (int i = 0; i < group.Count; i++)
        {
            (values[FixedValues + (2 * i)], values[FixedValues + (2 * i) + 1]) = (group[i].Width, group[i].Height);
        }

        ranks.AllReduceMax(values);
        if (values[1] > 0)
        {
            ranks.ThrowIfAnyFailed(failure);
        }

        return ([.. group.Select((batch, i) => batch.PadTo((int)values[FixedValues + (2 * i)], (int)values[FixedValues + (2 * i) + 1]))], values[0] > 0);
    }
}
