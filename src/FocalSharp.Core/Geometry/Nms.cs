using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FocalSharp.Geometry;

/// <summary>
/// Greedy non-maximum suppression, class-wise, with the official code's float32 results: each class is moved to a place of its own
/// by an offset of <c>label·(largest coordinate + 1)</c> that is rounded to float32, and a box is dropped where its IoU with a kept
/// box of a higher score is above the threshold (strict).
/// </summary>
public static class Nms
{
    /// <summary>From this many boxes on, the official code goes class by class, so that only equal labels suppress each other.</summary>
    public const int SplitCount = 10_000;

    /// <summary>Selects the boxes to keep, highest score first; equal scores keep their order.</summary>
    /// <param name="boxes">Boxes <c>xyxy</c>, four numbers each.</param>
    /// <param name="scores">One a box; NaN ranks last.</param>
    /// <param name="labels">Classes, one a box; empty where all boxes are of one class.</param>
    /// <param name="threshold">IoU in [0, 1] above which a box is suppressed.</param>
    /// <param name="most">Number of boxes after which to stop.</param>
    /// <returns>Indices of the kept boxes.</returns>
    public static int[] Select(
        ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, double threshold, int most = int.MaxValue)
    {
        int count = scores.Length;
        if (boxes.Length != 4 * count || (!labels.IsEmpty && labels.Length != count))
        {
            throw new ArgumentException($"{count} scores need {4 * count} coordinates and {count} labels (or none).", nameof(boxes));
        }

        if (!(threshold is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "An IoU threshold lies in [0, 1].");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(most);
        if (count == 0 || most == 0)
        {
            return [];
        }

        float unit = labels.IsEmpty ? 0 : Largest(boxes) + 1;
        bool byClass = !labels.IsEmpty && (count >= SplitCount || !(Smallest(boxes) < 0));
        KeptBoxes kept = byClass ? KeptBoxes.ByClass(labels) : KeptBoxes.Together(count);
        ulong[] order = ArrayPool<ulong>.Shared.Rent(count);
        try
        {
            Rank(scores, order);
            int[] selected = new int[Math.Min(most, count)];
            int taken = 0;
            for (int i = 0; i < count && taken < selected.Length; i++)
            {
                int index = (int)(uint)order[i];
                int label = labels.IsEmpty ? 0 : labels[index];
                float offset = label * unit;
                Box box = new(
                    boxes[4 * index] + offset, boxes[(4 * index) + 1] + offset, boxes[(4 * index) + 2] + offset, boxes[(4 * index) + 3] + offset);
                if (kept.TryAdd(box, byClass ? label : 0, (float)threshold))
                {
                    selected[taken++] = index;
                }
            }

            return selected[..taken];
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(order);
        }
    }

    /// <summary>A key that sorts, ascending, by score from high to low; NaN comes last.</summary>
    internal static uint DescendingKey(float score)
    {
        if (float.IsNaN(score))
        {
            return uint.MaxValue;
        }

        uint bits = BitConverter.SingleToUInt32Bits(score + 0f);
        return (bits & 0x8000_0000) != 0 ? bits : ~bits & 0x7FFF_FFFF;
    }

    private static void Rank(ReadOnlySpan<float> scores, Span<ulong> order)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            order[i] = ((ulong)DescendingKey(scores[i]) << 32) | (uint)i;
        }

        order[..scores.Length].Sort();
    }

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

    /// <summary>The boxes kept so far, by coordinate, each class in a stretch of its own.</summary>
    private sealed class KeptBoxes
    {
        private readonly Dictionary<int, int> _stretches;
        private readonly float[] _x1;
        private readonly float[] _y1;
        private readonly float[] _x2;
        private readonly float[] _y2;
        private readonly float[] _area;
        private readonly int[] _starts;
        private readonly int[] _counts;

        private KeptBoxes(Dictionary<int, int> stretches, int[] starts, int length)
        {
            _stretches = stretches;
            _starts = starts;
            _counts = new int[starts.Length];
            (_x1, _y1, _x2, _y2, _area) = (new float[length], new float[length], new float[length], new float[length], new float[length]);
        }

        public static KeptBoxes Together(int count) => new(new() { [0] = 0 }, [0], Padded(count));

        public static KeptBoxes ByClass(ReadOnlySpan<int> labels)
        {
            Dictionary<int, int> stretches = [];
            List<int> sizes = [];
            foreach (int label in labels)
            {
                ref int stretch = ref CollectionsMarshal.GetValueRefOrAddDefault(stretches, label, out bool known);
                if (!known)
                {
                    stretch = sizes.Count;
                    sizes.Add(0);
                }

                sizes[stretch]++;
            }

            int[] starts = new int[sizes.Count];
            int length = 0;
            for (int i = 0; i < starts.Length; i++)
            {
                starts[i] = length;
                length += Padded(sizes[i]);
            }

            return new(stretches, starts, length);
        }

        /// <summary>Keeps the box unless a kept one suppresses it.</summary>
        public bool TryAdd(Box box, int label, float threshold)
        {
            int stretch = _stretches[label];
            int start = _starts[stretch];
            float area = (box.X2 - box.X1) * (box.Y2 - box.Y1);
            if (IsSuppressed(box, area, start, _counts[stretch], threshold))
            {
                return false;
            }

            int place = start + _counts[stretch]++;
            (_x1[place], _y1[place], _x2[place], _y2[place], _area[place]) = (box.X1, box.Y1, box.X2, box.Y2, area);
            return true;
        }

        // Empty lanes hold an empty box: its intersection is 0, and neither 0/area nor 0/0 exceeds the threshold.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private bool IsSuppressed(Box box, float area, int start, int count, float threshold)
        {
            Vector<float> limit = new(threshold);
            Vector<float> boxArea = new(area);
            (Vector<float> left, Vector<float> top) = (new(box.X1), new(box.Y1));
            (Vector<float> right, Vector<float> bottom) = (new(box.X2), new(box.Y2));
            for (int i = start; i < start + count; i += Vector<float>.Count)
            {
                Vector<float> width = Vector.Min(right, new Vector<float>(_x2, i)) - Vector.Max(left, new Vector<float>(_x1, i));
                Vector<float> height = Vector.Min(bottom, new Vector<float>(_y2, i)) - Vector.Max(top, new Vector<float>(_y1, i));
                Vector<float> inter = Vector.Max(width, Vector<float>.Zero) * Vector.Max(height, Vector<float>.Zero);
                if (Vector.GreaterThanAny(inter / (boxArea + new Vector<float>(_area, i) - inter), limit))
                {
                    return true;
                }
            }

            return false;
        }

        private static int Padded(int count) => (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
    }
}
