using System.Text;
using SkiaSharp;

namespace FocalSharp.Imaging.Drawing;

/// <summary>
/// A small built-in sans-serif font, drawn as round strokes, so that text is legible and the same on every machine, with or without fonts.
/// Other characters come from a font of the system if there is one, else they are shown as a hollow box.
/// </summary>
internal static class StrokeFont
{
    /// <summary>Regular stroke width, as a fraction of the capital height.</summary>
    public const float Regular = 0.125f;

    /// <summary>Bold stroke width, as a fraction of the capital height.</summary>
    public const float Bold = 0.17f;

    private const float Units = 10;
    private const float SideBearing = 1.05f;

    private static readonly Dictionary<char, (float Width, SKPath Path)> Glyphs =
        StrokeGlyphs.All.ToDictionary(glyph => glyph.Key, glyph => ((float)glyph.Value.Width, Parse(glyph.Value.Path)));

    /// <summary>Returns the width of a text, including side bearings.</summary>
    /// <param name="text">One line of text.</param>
    /// <param name="capHeight">Height of a capital in pixels.</param>
    public static float Measure(string text, float capHeight)
    {
        float width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Advance(rune, capHeight);
        }

        return width;
    }

    /// <summary>Draws a line of text.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">One line of text.</param>
    /// <param name="x">Left end.</param>
    /// <param name="baseline">The line that letters stand on.</param>
    /// <param name="capHeight">Height of a capital in pixels.</param>
    /// <param name="color">Colour of the text.</param>
    /// <param name="weight">Stroke width as a fraction of the capital height.</param>
    /// <returns>Where the text ends.</returns>
    public static float Draw(SKCanvas canvas, string text, float x, float baseline, float capHeight, SKColor color, float weight = Regular)
    {
        using SKPaint stroke = new()
        {
            Color = color,
            IsAntialias = true,
            IsStroke = true,
            StrokeWidth = weight * Units,
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round,
        };
        float scale = capHeight / Units;
        foreach (Rune rune in text.EnumerateRunes())
        {
            canvas.Save();
            if (TryGetGlyph(rune, out SKPath? path))
            {
                canvas.Translate(x + (SideBearing * scale), baseline - capHeight);
                canvas.Scale(scale);
                canvas.DrawPath(path, stroke);
            }
            else if (FontFiles.Find(rune) is { } typeface)
            {
                using SKFont font = new(typeface, FontSize(capHeight));
                using SKPaint fill = new() { Color = color, IsAntialias = true };
                canvas.DrawText(rune.ToString(), x, baseline, SKTextAlign.Left, font, fill);
            }
            else
            {
                stroke.StrokeWidth = weight * capHeight;
                canvas.DrawRect(x + (SideBearing * scale), baseline - capHeight, 5 * scale, capHeight, stroke);
                stroke.StrokeWidth = weight * Units;
            }

            canvas.Restore();
            x += Advance(rune, capHeight);
        }

        return x;
    }

    private static bool TryGetGlyph(Rune rune, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SKPath? path)
    {
        bool known = Glyphs.TryGetValue(rune.IsBmp ? (char)rune.Value : '\0', out (float Width, SKPath Path) glyph);
        path = known ? glyph.Path : null;
        return known;
    }

    private static float Advance(Rune rune, float capHeight)
    {
        if (rune.IsBmp && Glyphs.TryGetValue((char)rune.Value, out (float Width, SKPath Path) glyph))
        {
            return (glyph.Width + (2 * SideBearing)) * capHeight / Units;
        }

        if (FontFiles.Find(rune) is { } typeface)
        {
            using SKFont font = new(typeface, FontSize(capHeight));
            return font.MeasureText(rune.ToString());
        }

        return (5 + (2 * SideBearing)) * capHeight / Units;
    }

    // Capitals of common sans-serif fonts are about 0.72 of the font size.
    private static float FontSize(float capHeight) => capHeight / 0.72f;

    private static SKPath Parse(string data) => data.Length == 0 ? new SKPath() : SKPath.ParseSvgPathData(data);
}
