using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.Protocols;

/// <summary>Matches the detections of one class in one image.</summary>
internal interface ICellMatcher
{
    /// <summary>Adds the cell's detections in descending order of score and returns the number of counted objects.</summary>
    int Match(EvaluationCell cell, List<CellMatch> matches);
}

/// <summary>The match of one detection.</summary>
/// <param name="Detection">Position in the results.</param>
/// <param name="Matched">Bit t is set if the detection is right at IoU threshold t.</param>
/// <param name="Ignored">Bit t is set if it is neither right nor wrong.</param>
internal readonly record struct CellMatch(int Detection, ulong Matched, ulong Ignored);
