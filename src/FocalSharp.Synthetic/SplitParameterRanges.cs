namespace FocalSharp.Synthetic;

/// <summary>
/// The parts of a parameter's range, mapped to [0, 1], that a split draws from. Validation has bands of its own with a gap around
/// each, so no shape or hue that is judged was ever trained on.
/// </summary>
internal sealed class SplitParameterRanges
{
    private readonly (float Low, float High)[] _ranges;
    private readonly float _totalLength;

    private SplitParameterRanges(params (float Low, float High)[] bands)
    {
        _ranges = bands;
        _totalLength = bands.Sum(band => band.High - band.Low);
    }

    /// <summary>A shape parameter's bands for training.</summary>
    public static SplitParameterRanges TrainShape { get; } = new((0, 0.20f), (0.36f, 0.64f), (0.80f, 1));

    /// <summary>A shape parameter's bands for validation.</summary>
    public static SplitParameterRanges ValShape { get; } = new((0.22f, 0.34f), (0.66f, 0.78f));

    /// <summary>The hue circle's bands for training.</summary>
    public static SplitParameterRanges TrainHue { get; } = new((0, 0.10f), (0.20f, 0.35f), (0.45f, 0.60f), (0.70f, 0.85f), (0.95f, 1));

    /// <summary>The hue circle's bands for validation.</summary>
    public static SplitParameterRanges ValHue { get; } = new((0.115f, 0.185f), (0.365f, 0.435f), (0.615f, 0.685f), (0.865f, 0.935f));

    /// <summary>The bands, low ends and high ends.</summary>
    public IReadOnlyList<(float Low, float High)> Ranges => _ranges;

    /// <summary>Maps a uniform number to a uniform one over the bands.</summary>
    public float Map(float unit)
    {
        float left = unit * _totalLength;
        foreach ((float low, float high) in _ranges)
        {
            if (left < high - low)
            {
                return low + left;
            }

            left -= high - low;
        }

        return _ranges[^1].High;
    }
}
