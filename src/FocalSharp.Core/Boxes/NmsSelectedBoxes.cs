using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Boxes;

/// <summary>The boxes selected so far, stored by coordinate, with one segment per class.</summary>
internal sealed class NmsSelectedBoxes : IDisposable
{
    private const int Fields = 5;

    private readonly int[] _segmentOf;
    private readonly int[] _starts;
    private readonly int[] _counts;
    private readonly float[] _values;
    private readonly int _length;

    private NmsSelectedBoxes(int[] segmentOf, int[] starts, int length)
    {
        (_segmentOf, _starts, _length) = (segmentOf, starts, length);
        _counts = new int[starts.Length];
        _values = ArrayPool<float>.Shared.Rent(checked(Fields * length));
    }

    /// <summary>Creates storage for boxes that may all suppress each other.</summary>
    public static NmsSelectedBoxes ClassAgnostic(int count) => new([], [0], RoundUpToVector(count));

    /// <summary>Creates storage for boxes that suppress only boxes of their own class.</summary>
    public static NmsSelectedBoxes PerClass(ReadOnlySpan<int> labels)
    {
        Dictionary<int, int> segments = [];
        List<int> sizes = [];
        int[] segmentOf = new int[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ref int segment = ref CollectionsMarshal.GetValueRefOrAddDefault(segments, labels[i], out bool known);
            if (!known)
            {
                segment = sizes.Count;
                sizes.Add(0);
            }

            segmentOf[i] = segment;
            sizes[segment]++;
        }

        int[] starts = new int[sizes.Count];
        int length = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = length;
            length += RoundUpToVector(sizes[i]);
        }

        return new(segmentOf, starts, length);
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<float>.Shared.Return(_values);

    /// <summary>Selects the box unless a selected one suppresses it.</summary>
    /// <param name="box">The box, moved by the offset of its class.</param>
    /// <param name="index">Its index among the labels.</param>
    /// <param name="threshold">IoU above which it is suppressed.</param>
    public bool TryAdd(Box box, int index, float threshold)
    {
        int segment = _segmentOf.Length == 0 ? 0 : _segmentOf[index];
        int start = _starts[segment];
        int count = _counts[segment];
        float area = (box.X2 - box.X1) * (box.Y2 - box.Y1);
        if (IsSuppressed(box, area, start, count, threshold))
        {
            return false;
        }

        int place = start + count;
        if (count % Vector256<float>.Count == 0)
        {
            // Vector elements without a box contain an empty one: its intersection is 0, and neither 0/area nor 0/0 exceeds a threshold.
            for (int field = 0; field < Fields; field++)
            {
                _values.AsSpan((field * _length) + place, Vector256<float>.Count).Clear();
            }
        }

        (_values[place], _values[_length + place]) = (box.X1, box.Y1);
        (_values[(2 * _length) + place], _values[(3 * _length) + place], _values[(4 * _length) + place]) = (box.X2, box.Y2, area);
        _counts[segment]++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsSuppressed(Box box, float area, int start, int count, float threshold)
    {
        Vector256<float> limit = Vector256.Create(threshold);
        Vector256<float> boxArea = Vector256.Create(area);
        BoxVector8 own = BoxVector8.Broadcast(box);
        ref float x1 = ref _values[start];
        ref float y1 = ref Unsafe.Add(ref x1, _length);
        ref float x2 = ref Unsafe.Add(ref y1, _length);
        ref float y2 = ref Unsafe.Add(ref x2, _length);
        ref float areas = ref Unsafe.Add(ref y2, _length);
        for (nuint i = 0; i < (nuint)count; i += (nuint)Vector256<float>.Count)
        {
            BoxVector8 retained = new(Vector256.LoadUnsafe(ref x1, i), Vector256.LoadUnsafe(ref y1, i), Vector256.LoadUnsafe(ref x2, i), Vector256.LoadUnsafe(ref y2, i));
            if (Vector256.GreaterThanAny(own.Iou(retained, boxArea, Vector256.LoadUnsafe(ref areas, i)), limit))
            {
                return true;
            }
        }

        return false;
    }

    private static int RoundUpToVector(int count) => (count + Vector256<float>.Count - 1) / Vector256<float>.Count * Vector256<float>.Count;
}
