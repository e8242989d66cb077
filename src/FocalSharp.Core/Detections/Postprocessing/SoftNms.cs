using System.Buffers;
using System.Runtime.InteropServices;
using FocalSharp.Boxes;

namespace FocalSharp.Detections.Postprocessing;

/// <summary>
/// Gaussian soft-NMS (Bodla et al. 2017): the best remaining candidate is selected, and the score of each other one of its class is multiplied by
/// <c>exp(−IoU² / σ)</c>, until no score is above the threshold.
/// </summary>
internal static class SoftNms
{
    /// <summary>The width σ of the Gaussian (paper: 0.5).</summary>
    public const float Sigma = 0.5f;

    /// <summary>Returns the selected candidates with their reduced scores, highest first; equal scores in the order of the candidates.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="options">Score threshold and limit.</param>
    public static List<(int Index, float Score)> Select(List<Detection> candidates, PostprocessOptions options)
    {
        int count = candidates.Count;
        ReadOnlySpan<Detection> all = CollectionsMarshal.AsSpan(candidates);
        float[] rented = ArrayPool<float>.Shared.Rent(Math.Max(count, 1));
        Span<float> scores = rented.AsSpan(0, count);
        for (int i = 0; i < count; i++)
        {
            scores[i] = all[i].Score;
        }

        List<(int Index, float Score)> selected = [];
        while (selected.Count < options.MaxDetections)
        {
            int best = -1;
            float highest = (float)options.ScoreThreshold;
            for (int i = 0; i < count; i++)
            {
                if (scores[i] > highest)
                {
                    (best, highest) = (i, scores[i]);
                }
            }

            if (best < 0)
            {
                break;
            }

            selected.Add((best, highest));
            scores[best] = float.NegativeInfinity;
            for (int i = 0; i < count; i++)
            {
                if (scores[i] > 0 && all[i].Label == all[best].Label)
                {
                    float iou = BoxIou.Iou(all[i].Box, all[best].Box);
                    scores[i] *= iou > 0 ? MathF.Exp(-iou * iou / Sigma) : 1;
                }
            }
        }

        ArrayPool<float>.Shared.Return(rented);
        return selected;
    }
}
