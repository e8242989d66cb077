namespace FocalSharp.Synthetic.Shapes;

/// <summary>
/// The intervals, within [0, 1], that a split samples a parameter from. Validation has ranges of its own with a gap around each, so that no
/// shape or hue of the validation split occurs in training.
/// </summary>
internal sealed class SplitParameterRanges
{
    private readonly (float Low, float High)[] _ranges;
    private readonly float _totalLength;

    private SplitParameterRanges(params (float Low, float High)[] ranges)
    {
        _ranges = ranges;
        _totalLength = ranges.Sum(range => range.High - range.Low);
    }

    /// <summary>Gets the ranges of a shape parameter for training.</summary>
    public static SplitParameterRanges TrainShape { get; } = new((0, 0.20f), (0.36f, 0.64f), (0.80f, 1));

    /// <summary>Gets the ranges of a shape parameter for validation.</summary>
    public static SplitParameterRanges ValShape { get; } = new((0.22f, 0.34f), (0.66f, 0.78f));

    /// <summary>Gets the ranges of the hue, in turns, for training.</summary>
    public static SplitParameterRanges TrainHue { get; } = new((0, 0.10f), (0.20f, 0.35f), (0.45f, 0.60f), (0.70f, 0.85f), (0.95f, 1));

    /// <summary>Gets the ranges of the hue, in turns, for validation.</summary>
    public static SplitParameterRanges ValHue { get; } = new((0.115f, 0.185f), (0.365f, 0.435f), (0.615f, 0.685f), (0.865f, 0.935f));

    /// <summary>Gets the ranges.</summary>
    public IReadOnlyList<(float Low, float High)> Ranges => _ranges;

    /// <summary>Maps a uniform number in [0, 1) to a uniform number over the ranges.</summary>
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
