namespace FocalSharp.Evaluation.Coco;

/// <summary>One category's detections over all images, best score first, with what they matched.</summary>
/// <param name="TruthCount">Number of objects that count.</param>
/// <param name="Scores">Scores, descending.</param>
/// <param name="Matched">Bit t is set where the detection matches an object at IoU threshold t.</param>
/// <param name="Ignored">Bit t is set where it is neither right nor wrong at threshold t.</param>
internal sealed record ScoredMatches(int TruthCount, double[] Scores, ulong[] Matched, ulong[] Ignored);
