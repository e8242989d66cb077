using FocalSharp.Boxes;
using SkiaSharp;

namespace FocalSharp.Imaging.Drawing;

/// <summary>Draws boxes, bands and labels onto a canvas, in pixels of the image.</summary>
internal sealed class BoxPainter(SKCanvas canvas, int width, int height, DrawingOptions options)
{
    private static readonly SKColor OutlineColor = new(0, 0, 0, 90);

    private readonly LabelLayout _labels = new(width, height);
    private readonly float _lineWidth = options.LineWidth > 0 ? options.LineWidth : MathF.Round(Math.Max(2, Math.Max(width, height) / 320f));
    private readonly float _textHeight = options.TextHeight > 0 ? options.TextHeight : Math.Max(8, Math.Max(width, height) / 70f);

    /// <summary>Draws the band of ± one deviation around all four edges.</summary>
    public void DrawDeviationBand(Box box, SideValues deviation, SKColor color)
    {
        SideValues reach = deviation.Scale(options.DeviationBand, options.DeviationBand);
        SKRect outer = new(box.X1 - reach.Left, box.Y1 - reach.Top, box.X2 + reach.Right, box.Y2 + reach.Bottom);
        SKRect inner = new(box.X1 + reach.Left, box.Y1 + reach.Top, box.X2 - reach.Right, box.Y2 - reach.Bottom);
        using SKPaint paint = new() { Color = color.WithAlpha(80), IsAntialias = true };
        canvas.Save();
        if (inner.Width > 0 && inner.Height > 0)
        {
            canvas.ClipRect(inner, SKClipOperation.Difference, antialias: true);
        }

        canvas.DrawRect(outer, paint);
        canvas.Restore();
    }

    /// <summary>Draws an error bar across the middle of each edge whose deviation is wide enough to be visible.</summary>
    public void DrawWhiskers(Box box, SideValues deviation, SKColor color)
    {
        SideValues reach = deviation.Scale(options.DeviationBand, options.DeviationBand);
        DrawWhisker(box.X1, box.CenterY, reach.Left, across: true, color);
        DrawWhisker(box.CenterX, box.Y1, reach.Top, across: false, color);
        DrawWhisker(box.X2, box.CenterY, reach.Right, across: true, color);
        DrawWhisker(box.CenterX, box.Y2, reach.Bottom, across: false, color);
    }

    /// <summary>Draws the box with a dark outline that separates it from bright and dark backgrounds.</summary>
    public void DrawBox(Box box, SKColor color, bool dashed)
    {
        SKRect rectangle = new(SnapToPixel(box.X1), SnapToPixel(box.Y1), SnapToPixel(box.X2), SnapToPixel(box.Y2));
        using SKPaint outline = CreateStroke(OutlineColor, _lineWidth + 2);
        using SKPaint line = CreateStroke(color, _lineWidth);
        using SKPathEffect? dash = dashed ? SKPathEffect.CreateDash([4.5f * _lineWidth, 2.8f * _lineWidth], 0) : null;
        outline.PathEffect = dash;
        line.PathEffect = dash;
        canvas.DrawRect(rectangle, outline);
        canvas.DrawRect(rectangle, line);
    }

    /// <summary>Draws the class name, followed by the score.</summary>
    public void DrawLabel(Box box, string name, string? score, RgbColor color, bool hollow)
    {
        float pad = _textHeight * 0.42f;
        float nameWidth = StrokeFont.Measure(name, _textHeight);
        float scoreWidth = score is null ? 0 : StrokeFont.Measure(score, _textHeight) + pad;
        SKRect around = new(box.X1, box.Y1, box.X2, box.Y2);
        around.Inflate(_lineWidth / 2, _lineWidth / 2);
        SKRect label = _labels.Place(around, nameWidth + scoreWidth + (2 * pad), (_textHeight * 1.36f) + (2 * pad));
        using SKPaint background = new() { Color = hollow ? new SKColor(16, 18, 24, 190) : SkiaImage.ToSkiaColor(color, 235), IsAntialias = true };
        canvas.DrawRoundRect(label, _textHeight * 0.28f, _textHeight * 0.28f, background);
        SKColor ink = SkiaImage.ToSkiaColor(hollow ? Lighten(color) : Palette.GetTextColor(color));
        float baseline = label.Top + pad + (_textHeight * 1.1f);
        float x = StrokeFont.Draw(canvas, name, label.Left + pad, baseline, _textHeight, ink, StrokeFont.Bold);
        if (score is not null)
        {
            StrokeFont.Draw(canvas, score, x + pad, baseline, _textHeight, ink.WithAlpha(215));
        }
    }

    // Lines on whole pixels are crisp.
    private float SnapToPixel(float edge) => MathF.Round(edge - (_lineWidth / 2)) + (_lineWidth / 2);

    private void DrawWhisker(float x, float y, float reach, bool across, SKColor color)
    {
        if (!(reach > _lineWidth))
        {
            return;
        }

        float cap = Math.Clamp(reach * 0.5f, _lineWidth * 1.5f, _lineWidth * 4);
        using SKPaint outline = CreateStroke(OutlineColor, _lineWidth + 1);
        using SKPaint line = CreateStroke(color, _lineWidth);
        outline.StrokeCap = SKStrokeCap.Round;
        line.StrokeCap = SKStrokeCap.Round;
        foreach (SKPaint paint in (ReadOnlySpan<SKPaint>)[outline, line])
        {
            if (across)
            {
                canvas.DrawLine(x - reach, y, x + reach, y, paint);
                canvas.DrawLine(x - reach, y - cap, x - reach, y + cap, paint);
                canvas.DrawLine(x + reach, y - cap, x + reach, y + cap, paint);
            }
            else
            {
                canvas.DrawLine(x, y - reach, x, y + reach, paint);
                canvas.DrawLine(x - cap, y - reach, x + cap, y - reach, paint);
                canvas.DrawLine(x - cap, y + reach, x + cap, y + reach, paint);
            }
        }
    }

    private static SKPaint CreateStroke(SKColor color, float width) =>
        new() { Color = color, IsAntialias = true, IsStroke = true, StrokeWidth = width, StrokeJoin = SKStrokeJoin.Miter };

    private static RgbColor Lighten(RgbColor color) =>
        new((byte)((color.R + 255) / 2), (byte)((color.G + 255) / 2), (byte)((color.B + 255) / 2));
}
