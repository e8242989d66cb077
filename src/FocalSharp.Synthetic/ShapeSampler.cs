using FocalSharp.Datasets;
using SkiaSharp;

namespace FocalSharp.Synthetic;

/// <summary>Draws one object's shape parameters and colours from its split's bands, and remembers what it drew.</summary>
internal sealed class ShapeSampler(SceneRandom random, DatasetSplit split)
{
    private readonly SplitParameterRanges _shapeRanges = split == DatasetSplit.Val ? SplitParameterRanges.ValShape : SplitParameterRanges.TrainShape;
    private readonly SplitParameterRanges _hueRanges = split == DatasetSplit.Val ? SplitParameterRanges.ValHue : SplitParameterRanges.TrainHue;
    private readonly List<float> _shapeParameters = [];
    private readonly List<float> _hues = [];

    /// <summary>Randomness for what is not held out: which variant, how many.</summary>
    public SceneRandom Random => random;

    /// <summary>The shape parameters drawn so far, each mapped to [0, 1] of its range.</summary>
    public IReadOnlyList<float> ShapeParameters => _shapeParameters;

    /// <summary>The hues drawn so far, in turns.</summary>
    public IReadOnlyList<float> Hues => _hues;

    /// <summary>A shape parameter between two bounds.</summary>
    public float SampleRange(float low, float high)
    {
        float trait = _shapeRanges.Map(random.NextSingle());
        _shapeParameters.Add(trait);
        return low + ((high - low) * trait);
    }

    /// <summary>A colour of a held-out hue; saturation and lightness in percent are free.</summary>
    public SKColor SampleColor(float minSaturation, float maxSaturation, float minLightness, float maxLightness)
    {
        float hue = _hueRanges.Map(random.NextSingle());
        _hues.Add(hue);
        return SKColor.FromHsl(hue * 360, random.NextSingleInRange(minSaturation, maxSaturation), random.NextSingleInRange(minLightness, maxLightness));
    }
}
