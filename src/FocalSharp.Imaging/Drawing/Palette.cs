namespace FocalSharp.Imaging.Drawing;

/// <summary>Distinct colors for classes; a label has the same color in every image.</summary>
internal static class Palette
{
    private static readonly RgbColor[] BaseColors =
    [
        new(45, 125, 246), new(242, 84, 45), new(18, 184, 134), new(255, 183, 3), new(155, 93, 229), new(0, 180, 216),
        new(232, 63, 139), new(124, 181, 24), new(214, 40, 57), new(126, 107, 255), new(0, 150, 120), new(255, 127, 80),
    ];

    /// <summary>Returns the color of a class. The first twelve are chosen by eye; later ones step around the hues by the golden angle.</summary>
    /// <param name="label">0-based class index.</param>
    public static RgbColor GetColor(int label)
    {
        label = Math.Max(label, 0);
        if (label < BaseColors.Length)
        {
            return BaseColors[label];
        }

        double hue = label * 137.50776405 % 360;
        double lightness = 0.5 + (0.08 * ((label % 3) - 1));
        return FromHsl(hue, 0.72, lightness);
    }

    /// <summary>Returns black or white, whichever is more legible on a color.</summary>
    public static RgbColor GetTextColor(RgbColor color) =>
        (0.299 * color.R) + (0.587 * color.G) + (0.114 * color.B) > 150 ? new(16, 18, 24) : RgbColor.White;

    private static RgbColor FromHsl(double hue, double saturation, double lightness)
    {
        double chroma = saturation * Math.Min(lightness, 1 - lightness);
        return new(Channel(0), Channel(8), Channel(4));

        byte Channel(double offset)
        {
            double k = (offset + (hue / 30)) % 12;
            return (byte)Math.Round(255 * (lightness - (chroma * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1)))));
        }
    }
}
