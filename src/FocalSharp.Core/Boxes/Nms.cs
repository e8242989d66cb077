namespace FocalSharp.Boxes;

/// <summary>
/// Greedy class-wise non-maximum suppression with the float32 results of the official code: each class is moved apart from the others
/// by an offset of <c>label·(largest coordinate + 1)</c>, rounded to float32, and a box is suppressed if its IoU with a selected
/// box of a higher score is above the threshold (strict).
/// </summary>
public static class Nms
{
    /// <summary>The number of boxes from which the official code processes each class separately, so that only equal labels suppress each other.</summary>
    public const int SplitCount = 10_000;

    /// <summary>Returns the selected boxes, highest score first; equal scores retain their order.</summary>
    /// <param name="boxes">Boxes <c>xyxy</c>, four numbers each.</param>
    /// <param name="scores">Scores, one per box; NaN ranks last.</param>
    /// <param name="labels">Classes, one per box; empty if all boxes are of one class.</param>
    /// <param name="threshold">IoU in [0, 1] above which a box is suppressed.</param>
    /// <param name="max">Maximum number of selected boxes.</param>
    /// <returns>Indices of the selected boxes.</returns>
    public static int[] Select(
        ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, double threshold, int max = int.MaxValue)
    {
        int count = scores.Length;
        if (boxes.Length != 4 * count || (!labels.IsEmpty && labels.Length != count))
        {
            throw new ArgumentException($"{count} scores need {4 * count} coordinates and {count} labels (or none).", nameof(boxes));
        }

        if (!(threshold is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "An IoU threshold is between 0 and 1.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(max);
        if (count == 0 || max == 0)
        {
            return [];
        }

        float unit = labels.IsEmpty ? 0 : Largest(boxes) + 1;
        bool byClass = !labels.IsEmpty && (count >= SplitCount || !(Smallest(boxes) < 0));
        int[] selected = new int[Math.Min(max, count)];
        int taken = 0;
        int[]? left = null;
        if (labels.IsEmpty && NmsPrefilter.TrySuppress(boxes, scores, (float)threshold, out int best, out int[] remaining))
        {
            (selected[taken++], left) = (best, remaining);
        }

        using ScoreRadixSort order = new(scores, left);
        using NmsSelectedBoxes retained = byClass ? NmsSelectedBoxes.PerClass(labels) : NmsSelectedBoxes.ClassAgnostic(order.Count);
        for (int i = 0; i < order.Count && taken < selected.Length; i++)
        {
            int index = order[i];
            float offset = labels.IsEmpty ? 0 : labels[index] * unit;
            ReadOnlySpan<float> own = boxes.Slice(4 * index, 4);
            if (retained.TryAdd(new Box(own[0] + offset, own[1] + offset, own[2] + offset, own[3] + offset), index, (float)threshold))
            {
                selected[taken++] = index;
            }
        }

        return selected[..taken];
    }

    /// <summary>Returns a key whose ascending order is the descending order of scores; NaN comes last.</summary>
    internal static uint DescendingKey(float score)
    {
        if (float.IsNaN(score))
        {
            return uint.MaxValue;
        }

        uint bits = BitConverter.SingleToUInt32Bits(score + 0f);
        return (bits & 0x8000_0000) != 0 ? bits : ~bits & 0x7FFF_FFFF;
    }

    /// <summary>Returns the score of a key that does not represent NaN.</summary>
    internal static float ScoreOf(uint descendingKey) =>
        BitConverter.UInt32BitsToSingle((descendingKey & 0x8000_0000) != 0 ? descendingKey : ~descendingKey & 0x7FFF_FFFF);

    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = float.NegativeInfinity;
        foreach (float value in values)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }

    private static float Smallest(ReadOnlySpan<float> values)
    {
        float smallest = float.PositiveInfinity;
        foreach (float value in values)
        {
            smallest = Math.Min(smallest, value);
        }

        return smallest;
    }
}
