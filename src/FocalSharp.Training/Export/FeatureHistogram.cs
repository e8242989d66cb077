using FocalSharp.Torch.Onnx.Quantization;

namespace FocalSharp.Training.Export;

/// <summary>
/// How often a feature took which value, over many pictures: 4,096 bins around 0 whose width doubles whenever a value lies beyond.
/// </summary>
public sealed class FeatureHistogram
{
    private const int Half = 2048;

    private readonly long[] _counts = new long[2 * Half];
    private float _reach;
    private long _total;

    /// <summary>Lowest value seen.</summary>
    public float Least { get; private set; }

    /// <summary>Highest value seen.</summary>
    public float Most { get; private set; }

    /// <summary>Counts values; those that are not finite are passed over.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                continue;
            }

            Least = Math.Min(Least, value);
            Most = Math.Max(Most, value);
            while (Math.Abs(value) >= _reach)
            {
                Widen(Math.Abs(value));
            }

            _counts[(int)Math.Clamp((value / _reach * Half) + Half, 0, (2 * Half) - 1)]++;
            _total++;
        }
    }

    /// <summary>The range to tell apart.</summary>
    public ActivationRange Range(CalibrationMethod method) => method switch
    {
        CalibrationMethod.MinMax => new(Least, Most),
        CalibrationMethod.Percentile => Percentile(0.9999),
        _ => LeastError(),
    };

    private ActivationRange Percentile(double share)
    {
        double beyond = (1 - share) * _total;
        int low = 0;
        for (double seen = _counts[0]; seen <= beyond && low < Half; seen += _counts[low])
        {
            low++;
        }

        int high = (2 * Half) - 1;
        for (double seen = _counts[high]; seen <= beyond && high > Half; seen += _counts[high])
        {
            high--;
        }

        return new(Math.Max(Least, Edge(low)), Math.Min(Most, Edge(high + 1)));
    }

    /// <summary>The range that loses least, in squares: cutting its ends costs what lies there, not cutting costs coarser steps.</summary>
    private ActivationRange LeastError()
    {
        (double best, ActivationRange range) = (double.PositiveInfinity, new(Least, Most));
        for (double top = 1; top > 0.15; top *= 0.95)
        {
            for (double bottom = 1; bottom > 0.15; bottom *= Least < 0 ? 0.9 : 0)
            {
                ActivationRange candidate = new((float)(Least * bottom), (float)(Most * top));
                double error = Error(candidate);
                if (error < best)
                {
                    (best, range) = (error, candidate);
                }
            }
        }

        return range;
    }

    private double Error(ActivationRange range)
    {
        double step = (range.Most - (double)range.Least) / byte.MaxValue;
        double within = step * step / 12;
        double sum = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            // 0 itself, which a ReLU makes of half of all, is always one of the steps.
            if (_counts[i] > 0 && i != Half)
            {
                double center = (Edge(i) + (double)Edge(i + 1)) / 2;
                double cut = center > range.Most ? center - range.Most : center < range.Least ? range.Least - center : 0;
                sum += _counts[i] * (cut > 0 ? cut * cut : within);
            }
        }

        return sum;
    }

    private float Edge(int bin) => (bin - Half) * _reach / Half;

    private void Widen(float value)
    {
        if (_total == 0)
        {
            _reach = Math.Max(2 * value, 1e-6f);
            return;
        }

        // Two bins become one; the middle stays the middle.
        long[] merged = new long[2 * Half];
        for (int i = 0; i < merged.Length; i++)
        {
            merged[(Half / 2) + (i / 2)] += _counts[i];
        }

        merged.CopyTo(_counts, 0);
        _reach *= 2;
    }
}
