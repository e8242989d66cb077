using System.Runtime.InteropServices;
using FocalSharp.Boxes;
using FocalSharp.Detections.Postprocessing;

namespace FocalSharp.Detections;

/// <summary>The two selection steps between a head and its detections: the best pairs of a level, and NMS or another method over all levels.</summary>
internal static class CandidateSelection
{
    /// <summary>
    /// Returns the (location, class) pairs of one level whose score is above the threshold, at most <see cref="PostprocessOptions.MaxPerLevel"/>,
    /// highest score first, equal scores ordered by location and class.
    /// </summary>
    /// <param name="scores">Probabilities, <c>[locations, classes]</c>.</param>
    /// <param name="options">Threshold and limit.</param>
    /// <returns>Indices into <paramref name="scores"/>.</returns>
    public static int[] SelectTopK(ReadOnlySpan<float> scores, PostprocessOptions options)
    {
        float threshold = (float)options.ScoreThreshold;
        List<ulong> passed = [];
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > threshold)
            {
                passed.Add(((ulong)Nms.DescendingKey(scores[i]) << 32) | (uint)i);
            }
        }

        Span<ulong> best = TopK.Select(CollectionsMarshal.AsSpan(passed), options.MaxPerLevel);
        int[] pairs = new int[best.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            pairs[i] = (int)(uint)best[i];
        }

        return pairs;
    }

    /// <summary>Turns candidates into detections by the method of the options.</summary>
    /// <param name="candidates">The candidates selected from the levels, in order; their scores may change.</param>
    /// <param name="options">Method, thresholds and limit.</param>
    /// <returns>The detections, highest score first, each with the index of the candidate that its distributions come from.</returns>
    public static (int Index, Detection Detection)[] Apply(List<Detection> candidates, PostprocessOptions options)
    {
        if (options.RescoreByDeviation)
        {
            DeviationRescoring.Apply(candidates);
        }

        (int Index, Detection Detection)[] found = options.NmsMethod switch
        {
            NmsMethod.Voting => Array.ConvertAll(ApplyNms(candidates, options), index => (index, VarianceVoting.Vote(candidates, index))),
            NmsMethod.Soft => [.. SoftNms.Select(candidates, options).Select(one => (one.Index, candidates[one.Index] with { Score = one.Score }))],
            NmsMethod.Fusion => [.. BoxFusion.Fuse(candidates, options.MaxDetections)],
            _ => Array.ConvertAll(ApplyNms(candidates, options), index => (index, candidates[index])),
        };
        float threshold = (float)options.ScoreThreshold;
        return options.RescoreByDeviation ? [.. found.Where(one => one.Detection.Score > threshold)] : found;
    }

    /// <summary>Runs class-wise NMS.</summary>
    /// <param name="candidates">The candidates selected from the levels, in order.</param>
    /// <param name="options">IoU threshold and limit.</param>
    /// <returns>Indices of the selected candidates, highest score first.</returns>
    public static int[] ApplyNms(IReadOnlyList<Detection> candidates, PostprocessOptions options)
    {
        int count = candidates.Count;
        float[] boxes = new float[4 * count];
        float[] scores = new float[count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            Detection candidate = candidates[i];
            (boxes[4 * i], boxes[(4 * i) + 1]) = (candidate.Box.X1, candidate.Box.Y1);
            (boxes[(4 * i) + 2], boxes[(4 * i) + 3]) = (candidate.Box.X2, candidate.Box.Y2);
            (scores[i], labels[i]) = (candidate.Score, candidate.Label);
        }

        return Nms.Select(boxes, scores, labels, options.NmsThreshold, options.MaxDetections);
    }
}
