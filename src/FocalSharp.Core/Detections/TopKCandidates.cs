using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FocalSharp.Boxes;

namespace FocalSharp.Detections;

/// <summary>
/// Finds the best (location, class) pairs of one level in a single pass over its class map. Once enough pairs are found, the worst of them
/// raises the threshold for the rest, so that even in a map entirely above the threshold only a few thousand pairs are processed.
/// </summary>
/// <param name="decoder">The meaning of the map's values.</param>
/// <param name="options">Threshold and limit.</param>
internal sealed class TopKCandidates(DetectionDecoder decoder, PostprocessOptions options) : IDisposable
{
    private const int InitialCapacity = 1024;

    private readonly float _threshold = (float)options.ScoreThreshold;
    private readonly int _maxCount = options.MaxPerLevel;
    private ulong[] _keys = ArrayPool<ulong>.Shared.Rent(InitialCapacity);
    private int _count;
    private ulong _worst = ulong.MaxValue;
    private float _cutoff;

    /// <summary>
    /// Returns the keys of the best pairs, best first, with <c>location·classes + label</c> in the low half; equal scores in that order, as in the
    /// official code. Valid until the next call.
    /// </summary>
    /// <param name="values">Class map <c>[C, H·W]</c>.</param>
    /// <param name="area">Number of locations H·W.</param>
    public ReadOnlySpan<ulong> Select(ReadOnlySpan<float> values, int area)
    {
        (_count, _worst, _cutoff) = (0, ulong.MaxValue, decoder.GetMapThreshold(options.ScoreThreshold));
        ref float start = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= values.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> above = Vector512.GreaterThan(Vector512.LoadUnsafe(ref start, (nuint)i), Vector512.Create(_cutoff));
            if (above != Vector512<float>.Zero)
            {
                for (ulong contexts = above.ExtractMostSignificantBits(); contexts != 0; contexts &= contexts - 1)
                {
                    int at = i + BitOperations.TrailingZeroCount(contexts);
                    TryAdd(values[at], at, area);
                }
            }
        }

        for (; i < values.Length; i++)
        {
            TryAdd(values[i], i, area);
        }

        return TopK.Select(_keys.AsSpan(0, _count), _maxCount);
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<ulong>.Shared.Return(_keys);

    private void TryAdd(float value, int at, int area)
    {
        if (!(value > _cutoff) || !(decoder.Score(value) is float score && score > _threshold))
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
        if (_count == 2L * _maxCount)
        {
            RaiseCutoff();
        }
    }

    private void RaiseCutoff()
    {
        TopK.Partition(_keys.AsSpan(0, _count), _maxCount);
        _count = _maxCount;
        _worst = 0;
        foreach (ulong key in _keys.AsSpan(0, _count))
        {
            _worst = Math.Max(_worst, key);
        }

        // A pair with the worst score or a better one has a value above this.
        _cutoff = Math.Max(_cutoff, decoder.GetMapThreshold(MathF.BitDecrement(Nms.ScoreOf((uint)(_worst >> 32)))));
    }

    private void Grow()
    {
        ulong[] larger = ArrayPool<ulong>.Shared.Rent(checked(_keys.Length * 2));
        _keys.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<ulong>.Shared.Return(_keys);
        _keys = larger;
    }
}
