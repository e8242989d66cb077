using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.Protocols;

/// <summary>
/// The matching of the VOC devkit and of Open Images: each detection, by descending score, belongs to the object that it overlaps most, the
/// earlier of two; it is right if that object is not yet found. VOC ignores detections of difficult objects. In Open Images, detections that
/// find no object and lie in a group-of box (intersection over the detection's area) find the group: the first is right, others are ignored.
/// </summary>
internal sealed class ArgMaxCellMatcher(
    EvaluationIndex index, CocoGroundTruth truth, CocoResults results, CocoEvaluationOptions options, bool isOpenImages) : ICellMatcher
{
    public int Match(EvaluationCell cell, List<CellMatch> matches)
    {
        ReadOnlySpan<int> truths = index.Truths.AsSpan(cell.TruthStart, cell.TruthCount);
        int[] objects = isOpenImages ? [.. truths.ToArray().Where(g => !truth.Annotations[g].IsCrowd)] : truths.ToArray();
        int[] groups = isOpenImages ? [.. truths.ToArray().Where(g => truth.Annotations[g].IsCrowd)] : [];
        int[] detections = Sort(index.Detections.AsSpan(cell.DetectionStart, cell.DetectionCount));
        ulong[] matched = new ulong[detections.Length];
        ulong[] ignored = new ulong[detections.Length];
        (int Truth, double Overlap)[] nearest = [.. detections.Select(d => Nearest(d, objects, isGroup: false))];
        (int Truth, double Overlap)[] nearestGroups = [.. detections.Select(d => Nearest(d, groups, isGroup: true))];
        for (int t = 0; t < options.IouThresholds.Count; t++)
        {
            double threshold = options.IouThresholds[t];
            HashSet<int> found = [];
            for (int d = 0; d < detections.Length; d++)
            {
                (int best, double overlap) = nearest[d];
                if (best >= 0 && overlap >= threshold && IsIgnored(best))
                {
                    ignored[d] |= 1UL << t;
                }
                else if (best >= 0 && overlap >= threshold && found.Add(best))
                {
                    matched[d] |= 1UL << t;
                }
                else if (nearestGroups[d].Truth >= 0 && nearestGroups[d].Overlap >= threshold)
                {
                    ulong[] bits = found.Add(nearestGroups[d].Truth) ? matched : ignored;
                    bits[d] |= 1UL << t;
                }
            }
        }

        for (int d = 0; d < detections.Length; d++)
        {
            matches.Add(new CellMatch(detections[d], matched[d], ignored[d]));
        }

        return truths.ToArray().Count(g => !IsIgnored(g));
    }

    // VOC knows no crowds; like its difficult objects, they are neither found nor missed.
    private bool IsIgnored(int g) => !isOpenImages && (truth.Annotations[g].IsDifficult || truth.Annotations[g].IsCrowd);

    private int[] Sort(ReadOnlySpan<int> positions)
    {
        int[] order = positions.ToArray();
        double[] keys = Array.ConvertAll(order, d => -results.Entries[d].Score);
        StableSort.Sort(keys, order);
        return order.Length > options.MaxDetections[^1] ? order[..options.MaxDetections[^1]] : order;
    }

    private (int Truth, double Overlap) Nearest(int detection, int[] candidates, bool isGroup)
    {
        int best = -1;
        double highest = 0;
        foreach (int g in candidates)
        {
            double overlap = results.Entries[detection].Box.Overlap(truth.Annotations[g].Box, isGroup);
            if (overlap > highest)
            {
                (best, highest) = (g, overlap);
            }
        }

        return (best, highest);
    }
}
