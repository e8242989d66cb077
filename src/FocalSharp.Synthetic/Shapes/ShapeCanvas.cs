using System.Globalization;
using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>
/// Draws one object: shaded fills, outlines, strokes and highlights, in the object's own units. Outlines are SVG path data.
/// </summary>
internal sealed class ShapeCanvas : IDisposable
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
    private readonly float _outlineWidth;
    private readonly SKColor _outlineColor;

    /// <summary>
    /// Chooses an object's style: direction and strength of the light, and whether the object has an outline.
    /// </summary>
    public ShapeCanvas(SKCanvas canvas, Palette colors, SceneRandom random)
    {
        _canvas = canvas;
        Colors = colors;
        float angle = random.NextSingleInRange(-2.5f, -0.6f);
        _light = new SKPoint(MathF.Cos(angle), MathF.Sin(angle));
        _contrast = random.NextSingleInRange(0.14f, 0.34f);
        _outlineWidth = random.NextBoolean(0.7f) ? random.NextSingleInRange(0.03f, 0.06f) : 0;
        _outlineColor = random.NextBoolean(0.5f) ? colors.Dark : Palette.Darken(colors.Main, 0.62f);
    }

    /// <summary>Gets the object's colors.</summary>
    public Palette Colors { get; }

    /// <summary>Parses SVG path data; numbers are formatted with the invariant culture.</summary>
    public static SKPath ParsePath(FormattableString svg)
        => SKPath.ParseSvgPathData(svg.ToString(CultureInfo.InvariantCulture))
            ?? throw new ArgumentException($"Not SVG path data: {svg}", nameof(svg));

    /// <summary>Returns an ellipse as SVG path data.</summary>
    public static FormattableString OvalPath(float x, float y, float rx, float ry)
        => $"M{x - rx} {y} A{rx} {ry} 0 1 1 {x + rx} {y} A{rx} {ry} 0 1 1 {x - rx} {y} Z";

    /// <summary>Returns a rectangle with rounded corners as SVG path data.</summary>
    public static FormattableString RoundedRectanglePath(float x1, float y1, float x2, float y2, float r)
        =>
            $"""
            M{x1 + r} {y1} L{x2 - r} {y1} Q{x2} {y1} {x2} {y1 + r} L{x2} {y2 - r} Q{x2} {y2} {x2 - r} {y2} L{x1 + r} {y2}
            Q{x1} {y2} {x1} {y2 - r} L{x1} {y1 + r} Q{x1} {y1} {x1 + r} {y1} Z
            """;

    /// <summary>Fills a path with a shaded color and draws its outline.</summary>
    public void FillShadedWithOutline(FormattableString svg, SKColor color)
    {
        using SKPath path = ParsePath(svg);
        FillShadedWithOutline(path, color);
    }

    /// <summary>Fills a path with a shaded color and draws its outline.</summary>
    public void FillShadedWithOutline(SKPath path, SKColor color)
    {
        FillShaded(path, color);
        if (_outlineWidth > 0)
        {
            DrawStroke(path, _outlineColor, _outlineWidth);
        }
    }

    /// <summary>Fills a path with a shaded color, without an outline.</summary>
    public void FillShaded(SKPath path, SKColor color)
    {
        SKRect bounds = path.Bounds;
        SKPoint center = new(bounds.MidX, bounds.MidY);
        float reach = MathF.Max(bounds.Width, bounds.Height) * 0.5f;
        SKPoint towards = new(center.X + (_light.X * reach), center.Y + (_light.Y * reach));
        SKPoint away = new(center.X - (_light.X * reach), center.Y - (_light.Y * reach));
        using SKShader shader = SKShader.CreateLinearGradient(
            towards,
            away,
            [Palette.Lighten(color, _contrast), color, Palette.Darken(color, _contrast)],
            [0, 0.45f, 1],
            SKShaderTileMode.Clamp);
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = SKColors.White;
        _paint.Shader = shader;
        _canvas.DrawPath(path, _paint);
        _paint.Shader = null;
    }

    /// <summary>Fills a path with one color.</summary>
    public void FillFlat(FormattableString svg, SKColor color)
    {
        using SKPath path = ParsePath(svg);
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = color;
        _canvas.DrawPath(path, _paint);
    }

    /// <summary>Draws a line with round ends.</summary>
    public void DrawLine(FormattableString svg, SKColor color, float width)
    {
        using SKPath path = ParsePath(svg);
        DrawStroke(path, color, width);
    }

    /// <summary>Draws a tube: a thick line with the object's outline and a lighter core.</summary>
    public void DrawTube(FormattableString svg, SKColor color, float width)
    {
        using SKPath path = ParsePath(svg);
        if (_outlineWidth > 0)
        {
            DrawStroke(path, _outlineColor, width + _outlineWidth);
        }

        DrawStroke(path, Palette.Darken(color, _contrast * 0.6f), width - (_outlineWidth * 0.5f));
        DrawStroke(path, Palette.Lighten(color, _contrast * 0.5f), width * 0.5f);
    }

    /// <summary>Draws a highlight: a translucent white patch.</summary>
    public void DrawHighlight(FormattableString svg, float strength) => FillFlat(svg, SKColors.White.WithAlpha((byte)(strength * 255)));

    /// <summary>Draws clipped to a path.</summary>
    public void DrawClipped(SKPath clip, Action draw)
    {
        _canvas.Save();
        _canvas.ClipPath(clip, SKClipOperation.Intersect, antialias: true);
        draw();
        _canvas.Restore();
    }

    /// <summary>Draws the outline of a path again, after something was drawn within it.</summary>
    public void DrawOutline(SKPath path)
    {
        if (_outlineWidth > 0)
        {
            DrawStroke(path, _outlineColor, _outlineWidth);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _paint.Dispose();

    private void DrawStroke(SKPath path, SKColor color, float width)
    {
        _paint.Style = SKPaintStyle.Stroke;
        _paint.StrokeWidth = width;
        _paint.Color = color;
        _canvas.DrawPath(path, _paint);
    }
}
