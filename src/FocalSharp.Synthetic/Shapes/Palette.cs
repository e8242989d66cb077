using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>The colors of one object. They do not depend on the class.</summary>
internal sealed record Palette(SKColor Main, SKColor Accent, SKColor Light, SKColor Dark)
{
    /// <summary>Samples an object's colors.</summary>
    public static Palette Create(ShapeSampler sampler) => new(
        sampler.SampleColor(42, 95, 40, 66),
        sampler.SampleColor(40, 90, 34, 70),
        sampler.SampleColor(25, 80, 84, 95),
        sampler.SampleColor(20, 50, 10, 20));

    /// <summary>Returns a color mixed with white.</summary>
    public static SKColor Lighten(SKColor color, float amount) => Mix(color, SKColors.White, amount);

    /// <summary>Returns a color mixed with black.</summary>
    public static SKColor Darken(SKColor color, float amount) => Mix(color, SKColors.Black.WithAlpha(color.Alpha), amount);

    private static SKColor Mix(SKColor from, SKColor to, float amount) => new(
        Channel(from.Red, to.Red, amount),
        Channel(from.Green, to.Green, amount),
        Channel(from.Blue, to.Blue, amount),
        from.Alpha);

    private static byte Channel(byte from, byte to, float amount) => (byte)MathF.Round(from + ((to - from) * amount));
}
