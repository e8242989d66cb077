using FocalSharp.Datasets;
using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>Samples one object's shape parameters and colors from the ranges of its split, and records them.</summary>
internal sealed class ShapeSampler(SceneRandom random, DatasetSplit split)
{
    private readonly SplitParameterRanges _shapeRanges = split == DatasetSplit.Val ? SplitParameterRanges.ValShape : SplitParameterRanges.TrainShape;
    private readonly SplitParameterRanges _hueRanges = split == DatasetSplit.Val ? SplitParameterRanges.ValHue : SplitParameterRanges.TrainHue;
    private readonly List<float> _shapeParameters = [];
    private readonly List<float> _hues = [];

    /// <summary>Gets the generator for properties that are not held out, such as variants and counts.</summary>
    public SceneRandom Random => random;

    /// <summary>Gets the shape parameters sampled so far, each in [0, 1].</summary>
    public IReadOnlyList<float> ShapeParameters => _shapeParameters;

    /// <summary>Gets the hues sampled so far, in turns.</summary>
    public IReadOnlyList<float> Hues => _hues;

    /// <summary>Samples a shape parameter between two bounds.</summary>
    public float SampleRange(float low, float high)
    {
        float parameter = _shapeRanges.Map(random.NextSingle());
        _shapeParameters.Add(parameter);
        return low + ((high - low) * parameter);
    }

    /// <summary>Samples a color: its hue from the ranges of the split, its saturation and lightness (in percent) between bounds.</summary>
    public SKColor SampleColor(float minSaturation, float maxSaturation, float minLightness, float maxLightness)
    {
        float hue = _hueRanges.Map(random.NextSingle());
        _hues.Add(hue);
        return SKColor.FromHsl(hue * 360, random.NextSingleInRange(minSaturation, maxSaturation), random.NextSingleInRange(minLightness, maxLightness));
    }
}
