using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FocalSharp.Geometry;

namespace FocalSharp.Decoding;

/// <summary>
/// Finds the best (location, class) pairs of one level in a single pass over its class map. Once as many are found as are wanted, the worst of them
/// is the bar for what follows: of a map that passes the threshold everywhere only a few thousand pairs are ever looked at twice.
/// </summary>
/// <param name="decoder">What the map's values mean.</param>
/// <param name="options">Threshold and limit.</param>
internal sealed class PairSelection(DetectionDecoder decoder, PostprocessOptions options) : IDisposable
{
    private const int FirstCapacity = 1024;

    private readonly float _threshold = (float)options.ScoreThreshold;
    private readonly int _most = options.MaxPerLevel;
    private ulong[] _keys = ArrayPool<ulong>.Shared.Rent(FirstCapacity);
    private int _count;
    private ulong _worst = ulong.MaxValue;
    private float _bar;

    /// <summary>
    /// Keys of the best pairs, best first: in the low half <c>location·classes + label</c>; equal scores in that order, as the official code lists them.
    /// Valid until the next call.
    /// </summary>
    /// <param name="values">Class map <c>[C, H·W]</c>.</param>
    /// <param name="area">Locations H·W.</param>
    public ReadOnlySpan<ulong> Best(ReadOnlySpan<float> values, int area)
    {
        (_count, _worst, _bar) = (0, ulong.MaxValue, decoder.LowestAbove(options.ScoreThreshold));
        ref float start = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= values.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> above = Vector512.GreaterThan(Vector512.LoadUnsafe(ref start, (nuint)i), Vector512.Create(_bar));
            if (above != Vector512<float>.Zero)
            {
                for (ulong lanes = above.ExtractMostSignificantBits(); lanes != 0; lanes &= lanes - 1)
                {
                    int at = i + BitOperations.TrailingZeroCount(lanes);
                    Offer(values[at], at, area);
                }
            }
        }

        for (; i < values.Length; i++)
        {
            Offer(values[i], i, area);
        }

        return TopRanked.Select(_keys.AsSpan(0, _count), _most);
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<ulong>.Shared.Return(_keys);

    private void Offer(float value, int at, int area)
    {
        if (!(value > _bar) || !(decoder.Score(value) is float score && score > _threshold))
        {
            return;
        }

        (int label, int location) = Math.DivRem(at, area);
        ulong key = ((ulong)Nms.DescendingKey(score) << 32) | (uint)((location * decoder.Classes) + label);
        if (key >= _worst)
        {
            return;
        }

        if (_count == _keys.Length)
        {
            Grow();
        }

        _keys[_count++] = key;
        if (_count == 2L * _most)
        {
            RaiseBar();
        }
    }

    private void RaiseBar()
    {
        TopRanked.Partition(_keys.AsSpan(0, _count), _most);
        _count = _most;
        _worst = 0;
        foreach (ulong key in _keys.AsSpan(0, _count))
        {
            _worst = Math.Max(_worst, key);
        }

        // Whatever has the worst one's score or a better one has a value above this.
        _bar = Math.Max(_bar, decoder.LowestAbove(MathF.BitDecrement(Nms.ScoreOf((uint)(_worst >> 32)))));
    }

    private void Grow()
    {
        ulong[] larger = ArrayPool<ulong>.Shared.Rent(checked(_keys.Length * 2));
        _keys.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<ulong>.Shared.Return(_keys);
        _keys = larger;
    }
}
