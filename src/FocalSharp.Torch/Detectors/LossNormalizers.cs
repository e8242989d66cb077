namespace FocalSharp.Torch.Detectors;

/// <summary>
/// What averages the losses of a batch. Processes that train together sum both numbers before they divide, and limit the sums to at least 1, as one
/// process does with the whole batch.
/// </summary>
/// <param name="Classification">The number of positives.</param>
/// <param name="Box">The sum of the positives' weights.</param>
internal readonly record struct LossNormalizers(double Classification, double Box)
{
    /// <summary>What mmdetection's LD head adds to the sum of the weights.</summary>
    public const double WeightEpsilon = 1e-6;

    /// <summary>Computes the averages of the whole batch.</summary>
    /// <param name="positives">This process's number of positives.</param>
    /// <param name="weights">This process's sum of weights.</param>
    /// <param name="sum">Sums over the processes; null for one process.</param>
    /// <param name="byWeightsOnly">Whether the sum of weights is not limited, as in mmdetection's LD head.</param>
    public static LossNormalizers Create(double positives, double weights, SumOverRanks? sum, bool byWeightsOnly = false)
    {
        Span<double> values = [positives, weights];
        sum?.Invoke(values);
        return new LossNormalizers(Math.Max(values[0], 1), byWeightsOnly ? values[1] + WeightEpsilon : Math.Max(values[1], 1));
    }
}
