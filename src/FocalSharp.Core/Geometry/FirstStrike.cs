using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Geometry;

/// <summary>
/// The first step of suppression without sorting: where the best of all boxes suppresses half of the others or more, only those that it spares have to be
/// sorted at all.
/// </summary>
internal static class FirstStrike
{
    /// <summary>Fewer boxes are sorted as fast as they are looked at.</summary>
    private const int Least = 512;

    /// <summary>Finds the box that suppression keeps first, and what is left beside it.</summary>
    /// <param name="boxes">Boxes <c>xyxy</c>, all of one class.</param>
    /// <param name="scores">One a box.</param>
    /// <param name="threshold">IoU above which a box is suppressed.</param>
    /// <param name="best">The best box.</param>
    /// <param name="spared">The others that it does not suppress, ascending.</param>
    /// <returns>False where the step would not pay: nothing is done then.</returns>
    public static bool TryTake(ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, float threshold, out int best, out int[] spared)
    {
        (best, spared) = (-1, []);
        if (scores.Length < Least)
        {
            return false;
        }

        best = IndexOfBest(scores);
        if (best < 0)
        {
            return false;
        }

        ushort[] stands = new ushort[(scores.Length + BoxColumns.Count - 1) / BoxColumns.Count];
        int count = Strike(boxes, best, threshold, stands);
        if (2 * count > scores.Length)
        {
            return false;
        }

        spared = new int[count];
        int next = 0;
        for (int block = 0; block < stands.Length; block++)
        {
            for (uint lanes = stands[block]; lanes != 0; lanes &= lanes - 1)
            {
                spared[next++] = (block * BoxColumns.Count) + BitOperations.TrailingZeroCount(lanes);
            }
        }

        return true;
    }

    /// <summary>The first of the highest scores; −1 where none is a number.</summary>
    private static int IndexOfBest(ReadOnlySpan<float> scores)
    {
        Vector512<float> highest = Vector512.Create(float.NegativeInfinity);
        Vector512<int> places = Vector512.Create(-1);
        Vector512<int> place = Vector512<int>.Indices;
        int i = 0;
        for (; i <= scores.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> values = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(scores), (nuint)i);
            Vector512<float> higher = Vector512.GreaterThan(values, highest);
            highest = Vector512.ConditionalSelect(higher, values, highest);
            places = Vector512.ConditionalSelect(higher.AsInt32(), place, places);
            place += Vector512.Create(Vector512<int>.Count);
        }

        (int best, float score) = (-1, float.NegativeInfinity);
        for (int lane = 0; lane < Vector512<float>.Count; lane++)
        {
            int at = places[lane];
            if (at >= 0 && (highest[lane] > score || (highest[lane] == score && at < best)))
            {
                (best, score) = (at, highest[lane]);
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

    /// <summary>Marks the boxes that the best one does not suppress, itself not among them, and returns their number.</summary>
    private static int Strike(ReadOnlySpan<float> boxes, int best, float threshold, Span<ushort> stands)
    {
        int count = 0;
        int whole = boxes.Length / (4 * BoxColumns.Count);
        ref float start = ref MemoryMarshal.GetReference(boxes);
        BoxColumns own = BoxColumns.Repeat(new Box(boxes[4 * best], boxes[(4 * best) + 1], boxes[(4 * best) + 2], boxes[(4 * best) + 3]));
        Vector512<float> ownArea = own.Area;
        Vector512<float> limit = Vector512.Create(threshold);
        Span<float> rest = stackalloc float[4 * BoxColumns.Count];
        boxes[(whole * 4 * BoxColumns.Count)..].CopyTo(rest);
        for (int block = 0; block < stands.Length; block++)
        {
            int inBlock = Math.Min(BoxColumns.Count, (boxes.Length / 4) - (block * BoxColumns.Count));
            ref float first = ref block < whole ? ref Unsafe.Add(ref start, block * 4 * BoxColumns.Count) : ref rest[0];
            BoxColumns columns = BoxColumns.Load(ref first);
            ulong struck = Vector512.GreaterThan(columns.Iou(own, columns.Area, ownArea), limit).ExtractMostSignificantBits();
            uint spared = ~(uint)struck & ((1u << inBlock) - 1);
            if (block == best / BoxColumns.Count)
            {
                spared &= ~(1u << (best % BoxColumns.Count));
            }

            stands[block] = (ushort)spared;
            count += BitOperations.PopCount(spared);
        }

        return count;
    }
}
