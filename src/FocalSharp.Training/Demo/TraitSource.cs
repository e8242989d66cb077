using FocalSharp.Datasets;
using SkiaSharp;

namespace FocalSharp.Training.Demo;

/// <summary>Draws one object's shape parameters and colours from its split's bands, and remembers what it drew.</summary>
internal sealed class TraitSource(SceneRandom random, DatasetSplit split)
{
    private readonly HeldOutBands _shape = split == DatasetSplit.Val ? HeldOutBands.ValShape : HeldOutBands.TrainShape;
    private readonly HeldOutBands _hue = split == DatasetSplit.Val ? HeldOutBands.ValHue : HeldOutBands.TrainHue;
    private readonly List<float> _traits = [];
    private readonly List<float> _hues = [];

    /// <summary>Randomness for what is not held out: which variant, how many.</summary>
    public SceneRandom Random => random;

    /// <summary>The shape parameters drawn so far, each mapped to [0, 1] of its range.</summary>
    public IReadOnlyList<float> Traits => _traits;

    /// <summary>The hues drawn so far, in turns.</summary>
    public IReadOnlyList<float> Hues => _hues;

    /// <summary>A shape parameter between two bounds.</summary>
    public float Range(float low, float high)
    {
        float trait = _shape.Map(random.Unit());
        _traits.Add(trait);
        return low + ((high - low) * trait);
    }

    /// <summary>A colour of a held-out hue; saturation and lightness in percent are free.</summary>
    public SKColor Color(float minSaturation, float maxSaturation, float minLightness, float maxLightness)
    {
        float hue = _hue.Map(random.Unit());
        _hues.Add(hue);
        return SKColor.FromHsl(hue * 360, random.Range(minSaturation, maxSaturation), random.Range(minLightness, maxLightness));
    }
}
