using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses.Fused;

/// <summary>
/// The factor of each row's loss in the reduced loss. It is known before the loss, so that gradients need no second pass.
/// </summary>
/// <param name="PerRow">One factor per row, or null if all are equal.</param>
/// <param name="Common">Factor of all rows.</param>
internal readonly record struct RowLossScale(float[]? PerRow, float Common)
{
    /// <summary>Gets the factor of a row.</summary>
    public float this[int row] => PerRow is null ? Common : PerRow[row] * Common;

    /// <summary>
    /// Returns the factors of a reducer; null if it does not reduce, or if the weights are not one float32 per row.
    /// </summary>
    public static RowLossScale? Create(LossReducer reducer, Tensor? weight, double? averageFactor, long rows)
    {
        bool plainWeight = weight is null || (NativeFloat32.Supports(weight) && weight.dim() == 1 && weight.size(0) == rows && !weight.requires_grad);
        if (reducer.Reduction == LossReduction.None || (reducer.Reduction == LossReduction.Sum && averageFactor is not null) || !plainWeight)
        {
            return null;
        }

        double divisor = reducer.Reduction == LossReduction.Sum ? 1 : averageFactor is double factor ? factor + reducer.Epsilon : rows;
        float common = (float)(reducer.LossWeight / divisor);
        float[]? each = weight is null ? null : NativeCopy.ToArray<float>(weight);

        // Rows with the same weight, as the official label weights without padding, are computed as one range.
        return each is not null && each.AsSpan().IndexOfAnyExcept(each[0]) < 0 ? new(null, common * each[0]) : new(each, common);
    }
}
