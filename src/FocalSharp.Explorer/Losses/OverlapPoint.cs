namespace FocalSharp.Explorer.Losses;

/// <summary>One measure of the IoU family for two boxes.</summary>
/// <param name="Value">The measure: 1 less the loss.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Gradient">Its derivatives by the predicted box's x1, y1, x2, y2.</param>
internal sealed record OverlapPoint(double Value, double Loss, double[] Gradient);
