namespace FocalSharp.Evaluation.Coco;

/// <summary>The matches of one category in one image, for drawing and error analysis.</summary>
/// <param name="ImageId">The image id.</param>
/// <param name="CategoryId">The category id; −1 if categories are pooled.</param>
/// <param name="Detections">Positions in the results, in descending order of score, up to the limit.</param>
/// <param name="Truths">Positions in the ground truth: counted objects before ignored ones.</param>
/// <param name="CountedTruths">The number of counted objects.</param>
/// <param name="Matches">
/// For each IoU threshold and detection, the matched position in <paramref name="Truths"/>, or −1.
/// </param>
/// <param name="Ignored">For each IoU threshold and detection, whether it is neither right nor wrong.</param>
internal sealed record ImageMatches(
    long ImageId, int CategoryId, int[] Detections, int[] Truths, int CountedTruths, int[][] Matches, bool[][] Ignored);
