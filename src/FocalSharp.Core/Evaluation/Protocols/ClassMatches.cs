using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.Protocols;

/// <summary>The detections of one class over all images in descending order of score, with their matches.</summary>
/// <param name="Category">The class.</param>
/// <param name="TruthImages">The position of the image of each counted object.</param>
/// <param name="Images">The position of the image of each detection.</param>
/// <param name="Scores">Scores, descending; among equal scores the order of evaluation.</param>
/// <param name="Matched">Bit t is set if the detection is right at IoU threshold t.</param>
/// <param name="Ignored">Bit t is set if the detection is neither right nor wrong at threshold t.</param>
internal sealed record ClassMatches(
    CocoCategory Category, int[] TruthImages, int[] Images, double[] Scores, ulong[] Matched, ulong[] Ignored);
