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
}
