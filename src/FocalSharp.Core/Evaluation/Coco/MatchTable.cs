using System.Collections.Concurrent;

namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// The result of matching, one slot per counted detection, by category, then image, then descending score. The
/// thresholds of a slot are the bits of one word.
/// </summary>
internal sealed class MatchTable
{
    private const int CellsPerTask = 256;

    private MatchTable(int slots, int areas, int[] categoryStarts)
    {
        Scores = new double[slots];
        Ranks = new int[slots];
        Matched = [.. Enumerable.Range(0, areas).Select(_ => new ulong[slots])];
        Ignored = [.. Enumerable.Range(0, areas).Select(_ => new ulong[slots])];
        CategoryStarts = categoryStarts;
    }

    /// <summary>Gets the score of each slot.</summary>
    public double[] Scores { get; }

    /// <summary>Gets the rank of each slot among the detections of its image and category, from 0.</summary>
    public int[] Ranks { get; }

    /// <summary>Gets, by area range and slot, a word in which bit t is set if the detection is matched at threshold t.</summary>
    public ulong[][] Matched { get; }

    /// <summary>Gets, by area range and slot, a word in which bit t is set if the detection is neither right nor wrong at threshold t.</summary>
    public ulong[][] Ignored { get; }

    /// <summary>Gets the first slot of each category and, at the end, the number of slots.</summary>
    public int[] CategoryStarts { get; }

    /// <summary>Matches all cells in parallel; the result does not depend on the number of threads.</summary>
    public static MatchTable Build(
        EvaluationIndex index, CocoGroundTruth truth, CocoResults results, CocoEvaluationOptions options)
    {
        int max = options.MaxDetections[^1];
        int[] slotStarts = new int[index.Cells.Length + 1];
        for (int p = 0; p < index.Cells.Length; p++)
        {
            slotStarts[p + 1] = slotStarts[p] + Math.Min(index.Cells[p].DetectionCount, max);
        }

        double[] thresholds = [.. options.IouThresholds];
        AreaRange[] areas = [.. options.AreaRanges];
        MatchTable table = new(slotStarts[^1], areas.Length, [.. index.CellStarts.Select(pair => slotStarts[pair])]);
        if (index.Cells.Length == 0)
        {
            return table;
        }

        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism };
        Parallel.ForEach(
            Partitioner.Create(0, index.Cells.Length, CellsPerTask),
            parallel,
            () => new EvaluationCellMatcher(truth.Annotations, results.Entries, thresholds, options.ZeroIdIsUnmatched),
            (range, _, matcher) =>
            {
                for (int p = range.Item1; p < range.Item2; p++)
                {
                    EvaluationCell pair = index.Cells[p];
                    matcher.Load(
                        index.Truths.AsSpan(pair.TruthStart, pair.TruthCount),
                        index.Detections.AsSpan(pair.DetectionStart, pair.DetectionCount),
                        max,
                        options.IgnoresUnmatched(index, pair));
                    table.Fill(slotStarts[p], matcher, results.Entries, areas, thresholds.Length);
                }

                return matcher;
            },
            _ => { });
        return table;
    }

    private void Fill(int slot, EvaluationCellMatcher matcher, CocoResult[] entries, AreaRange[] areas, int thresholds)
    {
        int count = matcher.DetectionCount;
        for (int d = 0; d < count; d++)
        {
            Scores[slot + d] = entries[matcher.Detections[d]].Score;
            Ranks[slot + d] = d;
        }

        for (int a = 0; a < areas.Length; a++)
        {
            matcher.Match(areas[a]);
            for (int d = 0; d < count; d++)
            {
                ulong matched = 0;
                ulong ignored = 0;
                for (int t = 0; t < thresholds; t++)
                {
                    int place = matcher.Matches[(t * count) + d];
                    matched |= (matcher.IsMatch(place) ? 1UL : 0UL) << t;
                    ignored |= (matcher.IsIgnored(place, d, areas[a]) ? 1UL : 0UL) << t;
                }

                Matched[a][slot + d] = matched;
                Ignored[a][slot + d] = ignored;
            }
        }
    }
}
