namespace FocalSharp.Evaluation.Coco;

/// <summary>The detections of one category over all images in descending order of score, with their matches.</summary>
/// <param name="TruthCount">Number of counted objects.</param>
/// <param name="Scores">Scores, descending.</param>
/// <param name="Matched">Bit t is set if the detection matches an object at IoU threshold t.</param>
/// <param name="Ignored">Bit t is set if the detection is neither right nor wrong at threshold t.</param>
internal sealed record ScoredMatches(int TruthCount, double[] Scores, ulong[] Matched, ulong[] Ignored);
