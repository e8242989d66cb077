using System.Buffers;

namespace FocalSharp.Boxes;

/// <summary>
/// Sorts indices by descending score; equal scores retain their order, and NaN comes last. A radix sort in three passes: comparing would cost more
/// than the suppression that follows if the first box suppresses nearly all others.
/// </summary>
internal readonly ref struct ScoreRadixSort : IDisposable
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;
    private const int Passes = 3;
    private const int MaxComparisonSortCount = 400;

    private readonly ulong[] _order;

    /// <summary>Sorts the scores.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="indices">The indices to sort, ascending; null for all.</param>
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

    /// <summary>Gets the number of indices.</summary>
    public int Count { get; }

    /// <summary>Gets the index at a rank, from 0.</summary>
    public int this[int rank] => (int)(uint)_order[rank];

    /// <summary>Returns the buffers to the pool.</summary>
    public void Dispose() => ArrayPool<ulong>.Shared.Return(_order);

    // The start of each digit's keys, for all passes at once.
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
