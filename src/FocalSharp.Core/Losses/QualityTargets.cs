using System.Numerics;

namespace FocalSharp.Losses;

/// <summary>Soft one-hot targets of the quality focal loss (GFL paper, figure 5).</summary>
internal static class QualityTargets
{
    /// <summary>
    /// Fills a matrix with 0 and, in each positive row, sets the element of the class to its quality. A label that is not a class, such as
    /// mmdetection's numClasses or −1, makes a background row.
    /// </summary>
    /// <param name="labels">Labels, one per row.</param>
    /// <param name="qualities">Qualities in [0, 1], one per row; ignored for background.</param>
    /// <param name="targets">Receives the targets <c>[N, C]</c>, row-major.</param>
    /// <param name="firstLabel">
    /// The label of the first class: 0 as in mmdetection; 1 if 0 is the background, as in the first official release.
    /// </param>
    public static void Fill<T>(ReadOnlySpan<long> labels, ReadOnlySpan<T> qualities, Span<T> targets, int firstLabel = 0)
        where T : struct, INumberBase<T>
    {
        SpanGuard.RequireLength(qualities.Length, labels.Length);
        targets.Clear();
        if (labels.IsEmpty)
        {
            return;
        }

        int classes = targets.Length / labels.Length;
        SpanGuard.RequireLength(targets.Length, classes * labels.Length);
        for (int row = 0; row < labels.Length; row++)
        {
            long label = labels[row] - firstLabel;
            if (label >= 0 && label < classes)
            {
                targets[(row * classes) + (int)label] = qualities[row];
            }
        }
    }
}
