namespace FocalSharp.Reporting;

/// <summary>What was measured before a training to choose its settings.</summary>
/// <param name="Summary">What was chosen, in one line.</param>
/// <param name="HeldOutImages">The number of images that were measured on.</param>
/// <param name="Rows">The measurements in order.</param>
internal sealed record TuningTable(string Summary, int HeldOutImages, IReadOnlyList<TuningTableRow> Rows);

/// <summary>A setting measured on held-out images.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="AP">Its AP; null if it was not computed.</param>
/// <param name="AP50">Its AP at IoU 0.5.</param>
/// <param name="Difference">The AP minus the AP of the best setting before it; null for the first.</param>
/// <param name="StandardError">The standard error of the difference.</param>
/// <param name="IsChosen">Whether it replaced the best setting before it.</param>
internal sealed record TuningTableRow(string Setting, double? AP, double AP50, double? Difference, double? StandardError, bool IsChosen);
