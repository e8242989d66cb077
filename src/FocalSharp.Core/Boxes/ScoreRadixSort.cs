using System.Buffers;

namespace FocalSharp.Boxes;

/// <summary>
/// Indices by score from high to low, equal scores in their own order, NaN last: a radix sort in three passes, since comparing costs more than all the
/// suppression that follows where most boxes fall to the first.
/// </summary>
internal readonly ref struct ScoreRadixSort : IDisposable
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;
    private const int Passes = 3;
    private const int MaxComparisonSortCount = 400;

    private readonly ulong[] _order;

    /// <summary>Sorts.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="indices">Which of them, ascending; null for all.</param>
    public ScoreRadixSort(ReadOnlySpan<float> scores, int[]? indices = null)
    {
        Count = indices?.Length ?? scores.Length;
        _order = ArrayPool<ulong>.Shared.Rent(Count);
        Span<ulong> keys = _order.AsSpan(0, Count);
        for (int i = 0; i < keys.Length; i++)
        {
            int index = indices is null ? i : indices[i];
            keys[i] = ((ulong)Nms.DescendingKey(scores[index]) << 32) | (uint)index;
        }

        if (Count <= MaxComparisonSortCount)
        {
            keys.Sort();
            return;
        }

        Span<int> places = stackalloc int[Passes * Digits];
        CountDigits(keys, places);
        ulong[] from = _order;
        ulong[] to = ArrayPool<ulong>.Shared.Rent(Count);
        for (int pass = 0; pass < Passes; pass++)
        {
            Scatter(from.AsSpan(0, Count), to, places.Slice(pass * Digits, Digits), 32 + (pass * DigitBits));
            (from, to) = (to, from);
        }

        _order = from;
        ArrayPool<ulong>.Shared.Return(to);
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The index of a rank, from 0.</summary>
    public int this[int rank] => (int)(uint)_order[rank];

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<ulong>.Shared.Return(_order);

    // Where each digit's keys begin, for all passes at once.
    private static void CountDigits(ReadOnlySpan<ulong> keys, Span<int> places)
    {
        places.Clear();
        foreach (ulong key in keys)
        {
            uint score = (uint)(key >> 32);
            places[(int)(score & (Digits - 1))]++;
            places[Digits + (int)((score >> DigitBits) & (Digits - 1))]++;
            places[(2 * Digits) + (int)(score >> (2 * DigitBits))]++;
        }

        for (int pass = 0; pass < Passes; pass++)
        {
            int next = 0;
            foreach (ref int place in places.Slice(pass * Digits, Digits))
            {
                (place, next) = (next, next + place);
            }
        }
    }

    private static void Scatter(ReadOnlySpan<ulong> from, Span<ulong> to, Span<int> places, int shift)
    {
        foreach (ulong key in from)
        {
            to[places[(int)(key >> shift) & (Digits - 1)]++] = key;
        }
    }
}
