using FocalSharp.Detections;
using FocalSharp.Geometry;
using SkiaSharp;

namespace FocalSharp.Imaging.Drawing;

/// <summary>Draws boxes, bands and tags onto a canvas, all in pixels of the picture.</summary>
internal sealed class BoxPainter(SKCanvas canvas, int width, int height, DrawingOptions options)
{
    private static readonly SKColor Shade = new(0, 0, 0, 90);

    private readonly TagLayout _tags = new(width, height);
    private readonly float _line = options.LineWidth > 0 ? options.LineWidth : MathF.Round(Math.Max(2, Math.Max(width, height) / 320f));
    private readonly float _letters = options.LetterHeight > 0 ? options.LetterHeight : Math.Max(8, Math.Max(width, height) / 70f);

    /// <summary>The frame between the outer and inner place of all four sides: ± the deviation of each.</summary>
    public void Band(Box box, SideValues deviation, SKColor color)
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

    /// <summary>An error bar across the middle of each side, where the deviation is wide enough to be seen.</summary>
    public void Whiskers(Box box, SideValues deviation, SKColor color)
    {
        SideValues reach = deviation.Scale(options.DeviationBand, options.DeviationBand);
        Whisker(box.X1, box.CenterY, reach.Left, across: true, color);
        Whisker(box.CenterX, box.Y1, reach.Top, across: false, color);
        Whisker(box.X2, box.CenterY, reach.Right, across: true, color);
        Whisker(box.CenterX, box.Y2, reach.Bottom, across: false, color);
    }

    /// <summary>The box's edges, with a dark hem that sets them off from bright and dark ground alike.</summary>
    public void Edges(Box box, SKColor color, bool dashed)
    {
        SKRect rectangle = new(Snap(box.X1), Snap(box.Y1), Snap(box.X2), Snap(box.Y2));
        using SKPaint hem = Stroke(Shade, _line + 2);
        using SKPaint line = Stroke(color, _line);
        using SKPathEffect? dash = dashed ? SKPathEffect.CreateDash([4.5f * _line, 2.8f * _line], 0) : null;
        hem.PathEffect = dash;
        line.PathEffect = dash;
        canvas.DrawRect(rectangle, hem);
        canvas.DrawRect(rectangle, line);
    }

    /// <summary>The class name, and behind it the score.</summary>
    public void Tag(Box box, string name, string? score, RgbColor color, bool hollow)
    {
        float pad = _letters * 0.42f;
        float nameWidth = StrokeFont.Measure(name, _letters);
        float scoreWidth = score is null ? 0 : StrokeFont.Measure(score, _letters) + pad;
        SKRect around = new(box.X1, box.Y1, box.X2, box.Y2);
        around.Inflate(_line / 2, _line / 2);
        SKRect tag = _tags.Place(around, nameWidth + scoreWidth + (2 * pad), (_letters * 1.36f) + (2 * pad));
        using SKPaint ground = new() { Color = hollow ? new SKColor(16, 18, 24, 190) : SkiaPicture.Color(color, 235), IsAntialias = true };
        canvas.DrawRoundRect(tag, _letters * 0.28f, _letters * 0.28f, ground);
        SKColor ink = SkiaPicture.Color(hollow ? Lighter(color) : Palette.TextOn(color));
        float baseline = tag.Top + pad + (_letters * 1.1f);
        float x = StrokeFont.Draw(canvas, name, tag.Left + pad, baseline, _letters, ink, StrokeFont.Bold);
        if (score is not null)
        {
            StrokeFont.Draw(canvas, score, x + pad, baseline, _letters, ink.WithAlpha(215));
        }
    }

    // Lines lie on whole pixels, so that they are drawn crisp.
    private float Snap(float edge) => MathF.Round(edge - (_line / 2)) + (_line / 2);

    private void Whisker(float x, float y, float reach, bool across, SKColor color)
    {
        if (!(reach > _line))
        {
            return;
        }

        float cap = Math.Clamp(reach * 0.5f, _line * 1.5f, _line * 4);
        using SKPaint hem = Stroke(Shade, _line + 1);
        using SKPaint line = Stroke(color, _line);
        hem.StrokeCap = SKStrokeCap.Round;
        line.StrokeCap = SKStrokeCap.Round;
        foreach (SKPaint paint in (ReadOnlySpan<SKPaint>)[hem, line])
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

    private static SKPaint Stroke(SKColor color, float width) =>
        new() { Color = color, IsAntialias = true, IsStroke = true, StrokeWidth = width, StrokeJoin = SKStrokeJoin.Miter };

    private static RgbColor Lighter(RgbColor color) =>
        new((byte)((color.R + 255) / 2), (byte)((color.G + 255) / 2), (byte)((color.B + 255) / 2));
}
