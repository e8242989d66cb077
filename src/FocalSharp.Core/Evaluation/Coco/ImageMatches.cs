namespace FocalSharp.Evaluation.Coco;

/// <summary>Which detections of one category in one image found which objects, for drawing and for looking at errors.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="CategoryId">The category; −1 where categories are pooled.</param>
/// <param name="Detections">Positions in the results, best score first, no more than count.</param>
/// <param name="Truths">Positions in the ground truth, objects that count before those that are ignored.</param>
/// <param name="CountedTruths">How many of the objects count.</param>
/// <param name="Matches">
/// For each IoU threshold and detection, the place in <paramref name="Truths"/> that it matches, or −1.
/// </param>
/// <param name="Ignored">For each IoU threshold and detection, whether it is neither right nor wrong.</param>
public sealed record ImageMatches(
    long ImageId, int CategoryId, int[] Detections, int[] Truths, int CountedTruths, int[][] Matches, bool[][] Ignored);
