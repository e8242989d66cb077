using SkiaSharp;

namespace FocalSharp.Training.Demo;

/// <summary>The colours of one object. They are drawn without knowing the class, so colour says nothing about it.</summary>
internal sealed record Palette(SKColor Main, SKColor Accent, SKColor Light, SKColor Dark)
{
    /// <summary>Draws an object's colours.</summary>
    public static Palette Draw(TraitSource traits) => new(
        traits.Color(42, 95, 40, 66),
        traits.Color(40, 90, 34, 70),
        traits.Color(25, 80, 84, 95),
        traits.Color(20, 50, 10, 20));

    /// <summary>A colour moved towards white.</summary>
    public static SKColor Lighter(SKColor color, float amount) => Mix(color, SKColors.White, amount);

    /// <summary>A colour moved towards black.</summary>
    public static SKColor Darker(SKColor color, float amount) => Mix(color, SKColors.Black.WithAlpha(color.Alpha), amount);

    private static SKColor Mix(SKColor from, SKColor to, float amount) => new(
        Channel(from.Red, to.Red, amount),
        Channel(from.Green, to.Green, amount),
        Channel(from.Blue, to.Blue, amount),
        from.Alpha);

    private static byte Channel(byte from, byte to, float amount) => (byte)MathF.Round(from + ((to - from) * amount));
}
