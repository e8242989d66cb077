using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Boxes;

/// <summary>
/// The first step of suppression, without sorting: if the best of all boxes suppresses at least half of the others, only the remaining
/// boxes need to be sorted.
/// </summary>
internal static class NmsPrefilter
{
    /// <summary>Minimum number of boxes; fewer are sorted as fast as they are filtered.</summary>
    private const int MinBoxes = 512;

    /// <summary>Finds the box that suppression selects first, and the boxes that it does not suppress.</summary>
    /// <param name="boxes">Boxes <c>xyxy</c>, all of one class.</param>
    /// <param name="scores">Scores, one per box.</param>
    /// <param name="threshold">IoU above which a box is suppressed.</param>
    /// <param name="best">The best box.</param>
    /// <param name="remaining">Receives the other boxes that it does not suppress, ascending.</param>
    /// <returns>False if filtering would not pay off; the outputs are then not set.</returns>
    public static bool TrySuppress(ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, float threshold, out int best, out int[] remaining)
    {
        (best, remaining) = (-1, []);
        if (scores.Length < MinBoxes)
        {
            return false;
        }

        best = IndexOfBest(scores);
        if (best < 0)
        {
            return false;
        }

        byte[] survivorMasks = new byte[(scores.Length + BoxVector8.Count - 1) / BoxVector8.Count];
        int count = MarkSurvivors(boxes, best, threshold, survivorMasks);
        if (2 * count > scores.Length)
        {
            return false;
        }

        remaining = new int[count];
        int next = 0;
        for (int block = 0; block < survivorMasks.Length; block++)
        {
            for (uint contexts = survivorMasks[block]; contexts != 0; contexts &= contexts - 1)
            {
                remaining[next++] = (block * BoxVector8.Count) + BitOperations.TrailingZeroCount(contexts);
            }
        }

        return true;
    }

    /// <summary>Returns the index of the first highest score; −1 if all scores are NaN.</summary>
    private static int IndexOfBest(ReadOnlySpan<float> scores)
    {
        Vector256<float> highest = Vector256.Create(float.NegativeInfinity);
        Vector256<int> places = Vector256.Create(-1);
        Vector256<int> place = Vector256<int>.Indices;
        int i = 0;
        for (; i <= scores.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> values = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(scores), (nuint)i);
            Vector256<float> higher = Vector256.GreaterThan(values, highest);
            highest = Vector256.ConditionalSelect(higher, values, highest);
            places = Vector256.ConditionalSelect(higher.AsInt32(), place, places);
            place += Vector256.Create(Vector256<int>.Count);
        }

        (int best, float score) = (-1, float.NegativeInfinity);
        for (int context = 0; context < Vector256<float>.Count; context++)
        {
            int at = places[context];
            if (at >= 0 && (highest[context] > score || (highest[context] == score && at < best)))
            {
                (best, score) = (at, highest[context]);
            }
        }

        for (; i < scores.Length; i++)
        {
            if (scores[i] > score)
            {
                (best, score) = (i, scores[i]);
            }
        }

        return best;
    }

    /// <summary>Marks the boxes that the best one does not suppress, excluding itself, and returns their number.</summary>
    private static int MarkSurvivors(ReadOnlySpan<float> boxes, int best, float threshold, Span<byte> survivorMasks)
    {
        int count = 0;
        int whole = boxes.Length / (4 * BoxVector8.Count);
        ref float start = ref MemoryMarshal.GetReference(boxes);
        BoxVector8 own = BoxVector8.Broadcast(new Box(boxes[4 * best], boxes[(4 * best) + 1], boxes[(4 * best) + 2], boxes[(4 * best) + 3]));
        Vector256<float> ownArea = own.Area;
        Vector256<float> limit = Vector256.Create(threshold);
        Span<float> rest = stackalloc float[4 * BoxVector8.Count];
        boxes[(whole * 4 * BoxVector8.Count)..].CopyTo(rest);
        for (int block = 0; block < survivorMasks.Length; block++)
        {
            int inBlock = Math.Min(BoxVector8.Count, (boxes.Length / 4) - (block * BoxVector8.Count));
            ref float first = ref block < whole ? ref Unsafe.Add(ref start, block * 4 * BoxVector8.Count) : ref rest[0];
            BoxVector8 columns = BoxVector8.Load(ref first);
            uint suppressed = Vector256.GreaterThan(columns.Iou(own, columns.Area, ownArea), limit).ExtractMostSignificantBits();
            uint remaining = ~suppressed & ((1u << inBlock) - 1);
            if (block == best / BoxVector8.Count)
            {
                remaining &= ~(1u << (best % BoxVector8.Count));
            }

            survivorMasks[block] = (byte)remaining;
            count += BitOperations.PopCount(remaining);
        }

        return count;
    }
}
