namespace FocalSharp.Evaluation.Coco;

/// <summary>One entry of a COCO results file.</summary>
/// <param name="ImageId">The image it was found in.</param>
/// <param name="CategoryId">What it is said to be.</param>
/// <param name="Box">Where it is said to be.</param>
/// <param name="Score">How sure the detector is; only the order matters.</param>
public readonly record struct CocoResult(long ImageId, int CategoryId, CocoBox Box, double Score);
