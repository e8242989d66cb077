namespace FocalSharp.Training.Transfer;

/// <summary>What another detector makes of one of the data's classes.</summary>
/// <param name="ClassName">The data's class.</param>
/// <param name="MatchedClass">The detector's class of the same name, else the one whose detections find this class best; null where none finds any.</param>
/// <param name="AP50">How well: average precision at IoU 0.5 of its detections, taken as of this class, 0 to 1.</param>
public sealed record ClassMatch(string ClassName, string? MatchedClass, double AP50);
