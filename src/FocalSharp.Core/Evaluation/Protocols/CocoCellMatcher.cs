using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.Protocols;

/// <summary>COCO's matching, over all areas.</summary>
internal sealed class CocoCellMatcher(EvaluationIndex index, CocoGroundTruth truth, CocoResults results, CocoEvaluationOptions options) : ICellMatcher
{
    private readonly EvaluationCellMatcher _matcher = new(truth.Annotations, results.Entries, [.. options.IouThresholds], options.ZeroIdIsUnmatched);

    public int Match(EvaluationCell cell, List<CellMatch> matches)
    {
        _matcher.Load(
            index.Truths.AsSpan(cell.TruthStart, cell.TruthCount),
            index.Detections.AsSpan(cell.DetectionStart, cell.DetectionCount),
            options.MaxDetections[^1],
            options.IgnoresUnmatched(index, cell));
        _matcher.Match(options.AreaRanges[0]);
        for (int d = 0; d < _matcher.DetectionCount; d++)
        {
            ulong matched = 0;
            ulong ignored = 0;
            for (int t = 0; t < options.IouThresholds.Count; t++)
            {
                int place = _matcher.Matches[(t * _matcher.DetectionCount) + d];
                matched |= (_matcher.IsMatch(place) ? 1UL : 0UL) << t;
                ignored |= (_matcher.IsIgnored(place, d, options.AreaRanges[0]) ? 1UL : 0UL) << t;
            }

            matches.Add(new CellMatch(_matcher.Detections[d], matched, ignored));
        }

        return _matcher.CountedTruths;
    }
}
