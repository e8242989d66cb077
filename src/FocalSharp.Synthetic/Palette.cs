using SkiaSharp;

namespace FocalSharp.Synthetic;

/// <summary>The colours of one object. They are drawn without knowing the class, so colour says nothing about it.</summary>
internal sealed record Palette(SKColor Main, SKColor Accent, SKColor Light, SKColor Dark)
{
    /// <summary>Draws an object's colours.</summary>
    public static Palette Create(ShapeSampler sampler) => new(
        sampler.SampleColor(42, 95, 40, 66),
        sampler.SampleColor(40, 90, 34, 70),
        sampler.SampleColor(25, 80, 84, 95),
        sampler.SampleColor(20, 50, 10, 20));

    /// <summary>A colour moved towards white.</summary>
    public static SKColor Lighten(SKColor color, float amount) => Mix(color, SKColors.White, amount);

    /// <summary>A colour moved towards black.</summary>
    public static SKColor Darken(SKColor color, float amount) => Mix(color, SKColors.Black.WithAlpha(color.Alpha), amount);

    private static SKColor Mix(SKColor from, SKColor to, float amount) => new(
        Channel(from.Red, to.Red, amount),
        Channel(from.Green, to.Green, amount),
        Channel(from.Blue, to.Blue, amount),
        from.Alpha);

    private static byte Channel(byte from, byte to, float amount) => (byte)MathF.Round(from + ((to - from) * amount));
}
