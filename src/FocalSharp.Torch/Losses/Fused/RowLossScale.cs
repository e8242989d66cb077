using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses.Fused;

/// <summary>What a row's loss is multiplied by on its way into a reduced scalar, known before the loss is: gradients need no second pass.</summary>
/// <param name="PerRow">One factor a row, or null where all are alike.</param>
/// <param name="Common">Factor of all rows.</param>
internal readonly record struct RowLossScale(float[]? PerRow, float Common)
{
    /// <summary>The factor of a row.</summary>
    public float this[int row] => PerRow is null ? Common : PerRow[row] * Common;

    /// <summary>The factors of a reducer, or null where it does not reduce, or by weights that are not one float32 a row.</summary>
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

        // As the official code's label weights are, but for padding: rows of one weight are computed on as one stretch.
        return each is not null && each.AsSpan().IndexOfAnyExcept(each[0]) < 0 ? new(null, common * each[0]) : new(each, common);
    }
}
