using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.Protocols;

/// <summary>Matches detections to objects by the rules of a protocol.</summary>
internal static class MatchSetBuilder
{
    /// <summary>Matches detections to objects.</summary>
    /// <param name="truth">The ground truth.</param>
    /// <param name="results">The detections.</param>
    /// <param name="protocol">The rules.</param>
    /// <param name="options">IoU thresholds and limits; see <see cref="ProtocolDefaults"/>.</param>
    /// <exception cref="DatasetException">A result refers to an image or category that the ground truth does not contain.</exception>
    public static MatchSet Build(CocoGroundTruth truth, CocoResults results, EvaluationProtocol protocol, CocoEvaluationOptions options)
    {
        options.Validate();
        CocoEvaluationOptions whole = options with { AreaRanges = [AreaRange.Coco[0]] };
        (CocoResults evaluated, CocoEvaluationOptions rules) = FederatedRules.Apply(truth, results, protocol, whole);
        EvaluationIndex index = EvaluationIndex.Build(truth, evaluated, rules);
        ClassMatches[] classes = new ClassMatches[index.Categories.Length];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = rules.MaxDegreeOfParallelism };
        Parallel.For(0, classes.Length, parallel, CreateMatcher, (category, _, matcher) =>
        {
            classes[category] = BuildClass(index, category, evaluated, matcher);
            return matcher;
        }, _ => { });
        return new MatchSet(protocol, rules.IouThresholds, index.ImageIds, classes, ProtocolDefaults.Recalls(protocol, rules));

        ICellMatcher CreateMatcher() => protocol is EvaluationProtocol.Coco or EvaluationProtocol.Lvis
            ? new CocoCellMatcher(index, truth, evaluated, rules)
            : new ArgMaxCellMatcher(index, truth, evaluated, rules, isOpenImages: protocol == EvaluationProtocol.OpenImages);
    }

    private static ClassMatches BuildClass(EvaluationIndex index, int category, CocoResults results, ICellMatcher matcher)
    {
        List<int> truthImages = [];
        List<int> images = [];
        List<double> scores = [];
        List<CellMatch> matches = [];
        for (int c = index.CellStarts[category]; c < index.CellStarts[category + 1]; c++)
        {
            EvaluationCell cell = index.Cells[c];
            int counted = matcher.Match(cell, matches);
            truthImages.AddRange(Enumerable.Repeat(cell.Image, counted));
            for (int i = scores.Count; i < matches.Count; i++)
            {
                images.Add(cell.Image);
                scores.Add(results.Entries[matches[i].Detection].Score);
            }
        }

        double[] keys = [.. scores.Select(score => -score)];
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        StableSort.Sort(keys, order);
        return new ClassMatches(
            index.Categories[category],
            [.. truthImages],
            Array.ConvertAll(order, i => images[i]),
            Array.ConvertAll(order, i => scores[i]),
            Array.ConvertAll(order, i => matches[i].Matched),
            Array.ConvertAll(order, i => matches[i].Ignored));
    }
}
