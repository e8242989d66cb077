namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>A label that disagrees with a confident detection. Either may be wrong.</summary>
/// <param name="Kind">What may be wrong.</param>
/// <param name="ImageId">The image id.</param>
/// <param name="Detection">Position in the results of the detection.</param>
/// <param name="Truth">Position in the ground truth of the label; −1 if there is none.</param>
/// <param name="Iou">IoU of the two; 0 if there is no label.</param>
/// <param name="Severity">The strength of the disagreement; comparable within a kind only.</param>
/// <param name="Reason">The reason in words.</param>
internal sealed record LabelIssue(LabelIssueKind Kind, long ImageId, int Detection, int Truth, double Iou, double Severity, string Reason);
