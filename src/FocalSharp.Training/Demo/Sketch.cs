using System.Globalization;
using SkiaSharp;

namespace FocalSharp.Training.Demo;

/// <summary>
/// Pen and brush for one object: fills shaded from a light, outlines, strokes and gloss, all in the object's own units.
/// Outlines are given as SVG path data, which reads shorter than a builder's calls.
/// </summary>
internal sealed class Sketch : IDisposable
{
    private readonly SKCanvas _canvas;
    private readonly SKPaint _paint = new()
    {
        IsAntialias = true,
        StrokeCap = SKStrokeCap.Round,
        StrokeJoin = SKStrokeJoin.Round,
    };

    private readonly SKPoint _light;
    private readonly float _contrast;
    private readonly float _outline;
    private readonly SKColor _outlineColor;

    /// <summary>
    /// Chooses an object's style: where the light stands, how strong it is, and whether the object is outlined.
    /// </summary>
    public Sketch(SKCanvas canvas, Palette colors, SceneRandom random)
    {
        _canvas = canvas;
        Colors = colors;
        float angle = random.Range(-2.5f, -0.6f);
        _light = new SKPoint(MathF.Cos(angle), MathF.Sin(angle));
        _contrast = random.Range(0.14f, 0.34f);
        _outline = random.Chance(0.7f) ? random.Range(0.03f, 0.06f) : 0;
        _outlineColor = random.Chance(0.5f) ? colors.Dark : Palette.Darker(colors.Main, 0.62f);
    }

    /// <summary>The object's colours.</summary>
    public Palette Colors { get; }

    /// <summary>Parses SVG path data, numbers written without regard to the culture.</summary>
    public static SKPath Path(FormattableString svg)
        => SKPath.ParseSvgPathData(svg.ToString(CultureInfo.InvariantCulture))
            ?? throw new ArgumentException($"Not a path: {svg}", nameof(svg));

    /// <summary>An ellipse as SVG path data.</summary>
    public static FormattableString Oval(float x, float y, float rx, float ry)
        => $"M{x - rx} {y} A{rx} {ry} 0 1 1 {x + rx} {y} A{rx} {ry} 0 1 1 {x - rx} {y} Z";

    /// <summary>A rectangle with rounded corners as SVG path data.</summary>
    public static FormattableString Round(float x1, float y1, float x2, float y2, float r)
        =>
            $"""
            M{x1 + r} {y1} L{x2 - r} {y1} Q{x2} {y1} {x2} {y1 + r} L{x2} {y2 - r} Q{x2} {y2} {x2 - r} {y2} L{x1 + r} {y2}
            Q{x1} {y2} {x1} {y2 - r} L{x1} {y1 + r} Q{x1} {y1} {x1 + r} {y1} Z
            """;

    /// <summary>Fills a part with a colour shaded by the light, and outlines it.</summary>
    public void Solid(FormattableString svg, SKColor color)
    {
        using SKPath path = Path(svg);
        Solid(path, color);
    }

    /// <summary>Fills a part with a colour shaded by the light, and outlines it.</summary>
    public void Solid(SKPath path, SKColor color)
    {
        Shade(path, color);
        if (_outline > 0)
        {
            Stroke(path, _outlineColor, _outline);
        }
    }

    /// <summary>Fills a part with a colour shaded by the light, without an outline.</summary>
    public void Shade(SKPath path, SKColor color)
    {
        SKRect bounds = path.Bounds;
        SKPoint centre = new(bounds.MidX, bounds.MidY);
        float reach = MathF.Max(bounds.Width, bounds.Height) * 0.5f;
        SKPoint towards = new(centre.X + (_light.X * reach), centre.Y + (_light.Y * reach));
        SKPoint away = new(centre.X - (_light.X * reach), centre.Y - (_light.Y * reach));
        using SKShader shader = SKShader.CreateLinearGradient(
            towards,
            away,
            [Palette.Lighter(color, _contrast), color, Palette.Darker(color, _contrast)],
            [0, 0.45f, 1],
            SKShaderTileMode.Clamp);
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = SKColors.White;
        _paint.Shader = shader;
        _canvas.DrawPath(path, _paint);
        _paint.Shader = null;
    }

    /// <summary>Fills a part with one colour.</summary>
    public void Flat(FormattableString svg, SKColor color)
    {
        using SKPath path = Path(svg);
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = color;
        _canvas.DrawPath(path, _paint);
    }

    /// <summary>A line with round ends.</summary>
    public void Line(FormattableString svg, SKColor color, float width)
    {
        using SKPath path = Path(svg);
        Stroke(path, color, width);
    }

    /// <summary>A tube: a thick line with the object's outline and a lighter core.</summary>
    public void Tube(FormattableString svg, SKColor color, float width)
    {
        using SKPath path = Path(svg);
        if (_outline > 0)
        {
            Stroke(path, _outlineColor, width + _outline);
        }

        Stroke(path, Palette.Darker(color, _contrast * 0.6f), width - (_outline * 0.5f));
        Stroke(path, Palette.Lighter(color, _contrast * 0.5f), width * 0.5f);
    }

    /// <summary>A highlight: a translucent white patch.</summary>
    public void Gloss(FormattableString svg, float strength) => Flat(svg, SKColors.White.WithAlpha((byte)(strength * 255)));

    /// <summary>Draws inside an outline only.</summary>
    public void Within(SKPath clip, Action draw)
    {
        _canvas.Save();
        _canvas.ClipPath(clip, SKClipOperation.Intersect, antialias: true);
        draw();
        _canvas.Restore();
    }

    /// <summary>Draws an outline around a part again, after something was drawn within it.</summary>
    public void Outline(SKPath path)
    {
        if (_outline > 0)
        {
            Stroke(path, _outlineColor, _outline);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _paint.Dispose();

    private void Stroke(SKPath path, SKColor color, float width)
    {
        _paint.Style = SKPaintStyle.Stroke;
        _paint.StrokeWidth = width;
        _paint.Color = color;
        _canvas.DrawPath(path, _paint);
    }
}
