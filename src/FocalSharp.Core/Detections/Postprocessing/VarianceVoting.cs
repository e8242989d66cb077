using System.Runtime.InteropServices;
using FocalSharp.Boxes;

namespace FocalSharp.Detections.Postprocessing;

/// <summary>
/// Moves selected boxes to the weighted mean of the candidates that overlap them (He et al. 2019, "Bounding Box Regression with Uncertainty", algorithm 1):
/// <c>weight = exp(−(1 − IoU)² / t) / σ²</c> for each edge.
/// </summary>
internal static class VarianceVoting
{
    /// <summary>The width t of the weight's fall with the overlap (official code of the paper: 0.02).</summary>
    public const float Temperature = 0.02f;

    // Weights below e^−8 of a full overlap do not move an edge by a visible amount: (1 − IoU)² < 8 t.
    private static readonly float MinIou = 1 - MathF.Sqrt(8 * Temperature);

    /// <summary>Returns a detection with voted box and deviations.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="index">Index of the selected candidate.</param>
    public static Detection Vote(List<Detection> candidates, int index)
    {
        ReadOnlySpan<Detection> all = CollectionsMarshal.AsSpan(candidates);
        ref readonly Detection selected = ref all[index];
        Box box = selected.Box;
        Accumulator left = default, top = default, right = default, bottom = default;
        foreach (ref readonly Detection candidate in all)
        {
            if (candidate.Label != selected.Label || candidate.Box.X1 >= box.X2 || candidate.Box.X2 <= box.X1 || candidate.Box.Y1 >= box.Y2 || candidate.Box.Y2 <= box.Y1)
            {
                continue;
            }

            float iou = BoxIou.Iou(candidate.Box, box);
            if (iou < MinIou)
            {
                continue;
            }

            float weight = MathF.Exp(-(1 - iou) * (1 - iou) / Temperature);
            SideValues deviation = candidate.Deviation;
            left.Add(weight, candidate.Box.X1, deviation.Left, box.Width);
            top.Add(weight, candidate.Box.Y1, deviation.Top, box.Height);
            right.Add(weight, candidate.Box.X2, deviation.Right, box.Width);
            bottom.Add(weight, candidate.Box.Y2, deviation.Bottom, box.Height);
        }

        Box voted = new(left.Mean(box.X1), top.Mean(box.Y1), right.Mean(box.X2), bottom.Mean(box.Y2));
        return voted.IsEmpty || !voted.IsFinite ? selected : selected with
        {
            Box = voted,
            Deviation = new SideValues(
                left.Deviation(selected.Deviation.Left), top.Deviation(selected.Deviation.Top),
                right.Deviation(selected.Deviation.Right), bottom.Deviation(selected.Deviation.Bottom)),
        };
    }

    /// <summary>The weighted moments of one edge.</summary>
    private struct Accumulator
    {
        // A distribution of one bin has σ = 0, which would outweigh all others.
        private const float MinRelativeDeviation = 1e-3f;

        private double _weight;
        private double _sum;
        private double _squares;

        public void Add(float overlap, float edge, float deviation, float extent)
        {
            double sigma = Math.Max(deviation, MinRelativeDeviation * extent);
            double weight = overlap / (sigma * sigma);
            if (!double.IsFinite(weight))
            {
                return;
            }

            _weight += weight;
            _sum += weight * edge;
            _squares += weight * ((deviation * (double)deviation) + ((double)edge * edge));
        }

        public readonly float Mean(float otherwise) => _weight > 0 ? (float)(_sum / _weight) : otherwise;

        // The deviation of the mixture: the mean variance plus the variance of the means.
        public readonly float Deviation(float otherwise)
        {
            double mean = _sum / _weight;
            return _weight > 0 ? (float)Math.Sqrt(Math.Max((_squares / _weight) - (mean * mean), 0)) : otherwise;
        }
    }
}
