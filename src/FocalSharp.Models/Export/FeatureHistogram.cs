using FocalSharp.Torch.Onnx.Quantization;

namespace FocalSharp.Models.Export;

/// <summary>A histogram of an activation over many images: 4,096 bins around 0, whose width doubles if a value lies beyond them.</summary>
internal sealed class FeatureHistogram
{
    private const int HalfBinCount = 2048;

    private readonly long[] _counts = new long[2 * HalfBinCount];
    private float _maxAbsolute;
    private long _total;

    /// <summary>The smallest value.</summary>
    public float Min { get; private set; }

    /// <summary>The largest value.</summary>
    public float Max { get; private set; }

    /// <summary>Counts values; values that are not finite are ignored.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                continue;
            }

            Min = Math.Min(Min, value);
            Max = Math.Max(Max, value);
            while (Math.Abs(value) >= _maxAbsolute)
            {
                Widen(Math.Abs(value));
            }

            _counts[(int)Math.Clamp((value / _maxAbsolute * HalfBinCount) + HalfBinCount, 0, (2 * HalfBinCount) - 1)]++;
            _total++;
        }
    }

    /// <summary>Computes the range to quantize.</summary>
    public ActivationRange ComputeRange(CalibrationMethod method) => method switch
    {
        CalibrationMethod.MinMax => new(Min, Max),
        CalibrationMethod.Percentile => ComputePercentileRange(0.9999),
        _ => FindMinErrorRange(),
    };

    private ActivationRange ComputePercentileRange(double fraction)
    {
        double beyond = (1 - fraction) * _total;
        int low = 0;
        for (double seen = _counts[0]; seen <= beyond && low < HalfBinCount; seen += _counts[low])
        {
            low++;
        }

        int high = (2 * HalfBinCount) - 1;
        for (double seen = _counts[high]; seen <= beyond && high > HalfBinCount; seen += _counts[high])
        {
            high--;
        }

        return new(Math.Max(Min, GetBinEdge(low)), Math.Min(Max, GetBinEdge(high + 1)));
    }

    /// <summary>Finds the range of the smallest squared error: clipping costs the clipped values, not clipping costs coarser steps.</summary>
    private ActivationRange FindMinErrorRange()
    {
        (double best, ActivationRange range) = (double.PositiveInfinity, new(Min, Max));
        for (double top = 1; top > 0.15; top *= 0.95)
        {
            for (double bottom = 1; bottom > 0.15; bottom *= Min < 0 ? 0.9 : 0)
            {
                ActivationRange candidate = new((float)(Min * bottom), (float)(Max * top));
                double error = ComputeSquaredError(candidate);
                if (error < best)
                {
                    (best, range) = (error, candidate);
                }
            }
        }

        return range;
    }

    private double ComputeSquaredError(ActivationRange range)
    {
        double step = (range.Max - (double)range.Min) / byte.MaxValue;
        double within = step * step / 12;
        double sum = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            // 0 itself, which a ReLU makes of half of all, is always one of the steps.
            if (_counts[i] > 0 && i != HalfBinCount)
            {
                double center = (GetBinEdge(i) + (double)GetBinEdge(i + 1)) / 2;
                double cut = center > range.Max ? center - range.Max : center < range.Min ? range.Min - center : 0;
                sum += _counts[i] * (cut > 0 ? cut * cut : within);
            }
        }

        return sum;
    }

    private float GetBinEdge(int bin) => (bin - HalfBinCount) * _maxAbsolute / HalfBinCount;

    private void Widen(float value)
    {
        if (_total == 0)
        {
            _maxAbsolute = Math.Max(2 * value, 1e-6f);
            return;
        }

        // Two bins become one; the middle stays the middle.
        long[] merged = new long[2 * HalfBinCount];
        for (int i = 0; i < merged.Length; i++)
        {
            merged[(HalfBinCount / 2) + (i / 2)] += _counts[i];
        }

        merged.CopyTo(_counts, 0);
        _maxAbsolute *= 2;
    }
}
