using System.Numerics;

namespace FocalSharp.Losses;

/// <summary>Soft one-hot targets of quality focal loss (GFL paper, figure 5).</summary>
public static class QualityTargets
{
    /// <summary>
    /// Fills a matrix with 0, and each positive row's class with its quality. A label that is no class, such as mmdetection's
    /// numClasses or −1, makes a row of background.
    /// </summary>
    /// <param name="labels">One label a row.</param>
    /// <param name="qualities">One quality in [0, 1] a row; unused at background.</param>
    /// <param name="targets">Receives <c>[N, C]</c>, row by row.</param>
    /// <param name="firstLabel">
    /// The label of the first class: 0 as in mmdetection; 1 where 0 is background, as in the first official release.
    /// </param>
    public static void Fill<T>(ReadOnlySpan<long> labels, ReadOnlySpan<T> qualities, Span<T> targets, int firstLabel = 0)
        where T : struct, INumberBase<T>
    {
        SpanGuard.RequireEqual(labels.Length, qualities.Length);
        targets.Clear();
        if (labels.IsEmpty)
        {
            return;
        }

        int classes = targets.Length / labels.Length;
        SpanGuard.RequireEqual(targets.Length, classes * labels.Length);
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
