namespace FocalSharp.Evaluation.Coco;

/// <summary>One entry of a COCO results file.</summary>
/// <param name="ImageId">The image id.</param>
/// <param name="CategoryId">The predicted category id.</param>
/// <param name="Box">The predicted box.</param>
/// <param name="Score">The confidence; only the order matters.</param>
public readonly record struct CocoResult(long ImageId, int CategoryId, CocoBox Box, double Score);
