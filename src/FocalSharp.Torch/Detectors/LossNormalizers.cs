namespace FocalSharp.Torch.Detectors;

/// <summary>
/// What averages the losses of a batch. Processes that train together sum both numbers before they divide, and limit the sums to at least 1, as one
/// process does with the whole batch.
/// </summary>
/// <param name="Classification">The number of positives.</param>
/// <param name="Box">The sum of the positives' weights.</param>
internal readonly record struct LossNormalizers(double Classification, double Box)
{
    /// <summary>Computes the averages of the whole batch.</summary>
    /// <param name="positives">This process's number of positives.</param>
    /// <param name="weights">This process's sum of weights.</param>
    /// <param name="sum">Sums over the processes; null for one process.</param>
    public static LossNormalizers Create(double positives, double weights, SumOverRanks? sum)
    {
        Span<double> values = [positives, weights];
        sum?.Invoke(values);
        return new LossNormalizers(Math.Max(values[0], 1), Math.Max(values[1], 1));
    }
}
