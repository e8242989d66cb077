using System.Runtime.InteropServices;
using FocalSharp.Boxes;

namespace FocalSharp.Detections.Postprocessing;

/// <summary>
/// Scores that take the sharpness of the distributions into account: the score times the IoU that a box with these deviations is expected to have with
/// the true one.
/// </summary>
internal static class DeviationRescoring
{
    // The mean absolute value of a standard normal variable, √(2/π).
    private const double MeanAbsoluteNormal = 0.7978845608028654;

    /// <summary>
    /// Returns the expected IoU, to first order in the errors: edges that err by e on average add and remove strips of relative area
    /// <c>e / extent</c>, so that <c>IoU ≈ 1 / (1 + Σ e / extent)</c> with <c>e = σ √(2/π)</c>.
    /// </summary>
    public static double ExpectedIou(Box box, SideValues deviation)
    {
        double width = Math.Max(box.Width, float.Epsilon);
        double height = Math.Max(box.Height, float.Epsilon);
        double strips = MeanAbsoluteNormal * ((((double)deviation.Left + deviation.Right) / width) + (((double)deviation.Top + deviation.Bottom) / height));
        return double.IsFinite(strips) ? 1 / (1 + Math.Max(strips, 0)) : 0;
    }

    /// <summary>Replaces the scores of candidates.</summary>
    public static void Apply(List<Detection> candidates)
    {
        foreach (ref Detection candidate in CollectionsMarshal.AsSpan(candidates))
        {
            candidate = candidate with { Score = (float)(candidate.Score * ExpectedIou(candidate.Box, candidate.Deviation)) };
        }
    }
}
