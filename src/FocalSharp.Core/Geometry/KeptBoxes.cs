using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Geometry;

/// <summary>The boxes that suppression has kept so far, coordinate by coordinate, each class in a stretch of its own.</summary>
internal sealed class KeptBoxes : IDisposable
{
    private const int Fields = 5;

    private readonly int[] _stretchOf;
    private readonly int[] _starts;
    private readonly int[] _counts;
    private readonly float[] _numbers;
    private readonly int _length;

    private KeptBoxes(int[] stretchOf, int[] starts, int length)
    {
        (_stretchOf, _starts, _length) = (stretchOf, starts, length);
        _counts = new int[starts.Length];
        _numbers = ArrayPool<float>.Shared.Rent(checked(Fields * length));
    }

    /// <summary>Room for boxes that all may suppress each other.</summary>
    public static KeptBoxes Together(int count) => new([], [0], Padded(count));

    /// <summary>Room for boxes that suppress only those of their own class.</summary>
    public static KeptBoxes ByClass(ReadOnlySpan<int> labels)
    {
        Dictionary<int, int> stretches = [];
        List<int> sizes = [];
        int[] stretchOf = new int[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ref int stretch = ref CollectionsMarshal.GetValueRefOrAddDefault(stretches, labels[i], out bool known);
            if (!known)
            {
                stretch = sizes.Count;
                sizes.Add(0);
            }

            stretchOf[i] = stretch;
            sizes[stretch]++;
        }

        int[] starts = new int[sizes.Count];
        int length = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = length;
            length += Padded(sizes[i]);
        }

        return new(stretchOf, starts, length);
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<float>.Shared.Return(_numbers);

    /// <summary>Keeps the box unless a kept one suppresses it.</summary>
    /// <param name="box">The box, moved by its class's offset.</param>
    /// <param name="index">Its index among the labels.</param>
    /// <param name="threshold">IoU above which it is suppressed.</param>
    public bool TryAdd(Box box, int index, float threshold)
    {
        int stretch = _stretchOf.Length == 0 ? 0 : _stretchOf[index];
        int start = _starts[stretch];
        int count = _counts[stretch];
        float area = (box.X2 - box.X1) * (box.Y2 - box.Y1);
        if (IsSuppressed(box, area, start, count, threshold))
        {
            return false;
        }

        int place = start + count;
        if (count % Vector256<float>.Count == 0)
        {
            // Lanes without a box hold an empty one: its intersection is 0, and neither 0/area nor 0/0 exceeds a threshold.
            for (int field = 0; field < Fields; field++)
            {
                _numbers.AsSpan((field * _length) + place, Vector256<float>.Count).Clear();
            }
        }

        (_numbers[place], _numbers[_length + place]) = (box.X1, box.Y1);
        (_numbers[(2 * _length) + place], _numbers[(3 * _length) + place], _numbers[(4 * _length) + place]) = (box.X2, box.Y2, area);
        _counts[stretch]++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsSuppressed(Box box, float area, int start, int count, float threshold)
    {
        Vector256<float> limit = Vector256.Create(threshold);
        Vector256<float> boxArea = Vector256.Create(area);
        BoxColumns own = BoxColumns.Repeat(box);
        ref float x1 = ref _numbers[start];
        ref float y1 = ref Unsafe.Add(ref x1, _length);
        ref float x2 = ref Unsafe.Add(ref y1, _length);
        ref float y2 = ref Unsafe.Add(ref x2, _length);
        ref float areas = ref Unsafe.Add(ref y2, _length);
        for (nuint i = 0; i < (nuint)count; i += (nuint)Vector256<float>.Count)
        {
            BoxColumns kept = new(Vector256.LoadUnsafe(ref x1, i), Vector256.LoadUnsafe(ref y1, i), Vector256.LoadUnsafe(ref x2, i), Vector256.LoadUnsafe(ref y2, i));
            if (Vector256.GreaterThanAny(own.Iou(kept, boxArea, Vector256.LoadUnsafe(ref areas, i)), limit))
            {
                return true;
            }
        }

        return false;
    }

    private static int Padded(int count) => (count + Vector256<float>.Count - 1) / Vector256<float>.Count * Vector256<float>.Count;
}
