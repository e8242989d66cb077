namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>A label that a sure detection contradicts. It may be the detector that errs: a person decides.</summary>
/// <param name="Kind">What may be wrong.</param>
/// <param name="ImageId">The image.</param>
/// <param name="Detection">Position in the results of the detection that contradicts.</param>
/// <param name="Truth">Position in the ground truth of the label, or −1 where none is there.</param>
/// <param name="Iou">Overlap of the two; 0 where there is no label.</param>
/// <param name="Severity">How strongly it contradicts; comparable within a kind only.</param>
/// <param name="Reason">The reason in words.</param>
public sealed record LabelIssue(LabelIssueKind Kind, long ImageId, int Detection, int Truth, double Iou, double Severity, string Reason);
