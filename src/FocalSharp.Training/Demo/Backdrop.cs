using System.Globalization;
using System.Text;
using FocalSharp.Datasets;
using SkiaSharp;

namespace FocalSharp.Training.Demo;

/// <summary>
/// What stands behind the objects: a gradient, a pattern, noise, and things drawn in the objects' own style that are no
/// objects.
/// </summary>
internal sealed class Backdrop(SKCanvas canvas, int size, SceneRandom random, DatasetSplit split)
{
    private readonly TraitSource _traits = new(random, split);

    /// <summary>Draws a new backdrop over the whole canvas.</summary>
    public void Draw()
    {
        DrawGradient();
        if (random.Chance(0.75f))
        {
            DrawPattern();
        }

        if (random.Chance(0.75f))
        {
            DrawNoise();
        }

        int things = 3 + random.Below(10);
        for (int i = 0; i < things; i++)
        {
            DrawDistractor();
        }
    }

    private SKColor Colour() => _traits.Color(8, 62, 36, 90);

    private void DrawGradient()
    {
        using SKPaint paint = new();
        SKColor[] colors = [Colour(), Colour(), Colour()];
        float angle = random.Range(0, MathF.Tau);
        float half = size / 2f;
        SKPoint from = new(half + (half * MathF.Cos(angle)), half + (half * MathF.Sin(angle)));
        SKPoint to = new(size - from.X, size - from.Y);
        using SKShader shader = random.Chance(0.65f)
            ? SKShader.CreateLinearGradient(from, to, colors[..(2 + random.Below(2))], SKShaderTileMode.Clamp)
            : SKShader.CreateRadialGradient(
                new SKPoint(random.Unit() * size, random.Unit() * size),
                size * random.Range(0.6f, 1.3f),
                colors,
                SKShaderTileMode.Clamp);
        paint.Shader = shader;
        canvas.DrawRect(0, 0, size, size, paint);
    }

    private void DrawPattern()
    {
        using SKPaint paint = new() { IsAntialias = true, Color = Colour().WithAlpha((byte)random.Range(40, 150)) };
        float pitch = size * random.Range(0.04f, 0.16f);
        canvas.Save();
        canvas.RotateDegrees(random.Chance(0.5f) ? 0 : random.Range(-80, 80), size / 2f, size / 2f);
        int kind = random.Below(5);
        float duty = random.Range(0.25f, 0.6f);
        for (float y = -size / 2f; y < size * 1.5f; y += pitch)
        {
            switch (kind)
            {
                case 0:
                    canvas.DrawRect(-size, y, size * 3, pitch * duty, paint);
                    break;
                case 1:
                    Wave(y, pitch, pitch * duty * 0.6f, paint);
                    break;
                default:
                    for (float x = -size / 2f; x < size * 1.5f; x += pitch)
                    {
                        Cell(kind, x, y, pitch, duty, paint);
                    }

                    break;
            }
        }

        canvas.Restore();
    }

    private static bool Odd(float x, float y, float pitch)
        => (((int)MathF.Round(x / pitch) + (int)MathF.Round(y / pitch)) & 1) != 0;

    private void Cell(int kind, float x, float y, float pitch, float duty, SKPaint paint)
    {
        if (kind == 2)
        {
            canvas.DrawCircle(x + (Odd(0, y, pitch) ? pitch / 2 : 0), y, pitch * duty * 0.6f, paint);
        }
        else if (kind == 3)
        {
            if (Odd(x, y, pitch))
            {
                canvas.DrawRect(x, y, pitch, pitch, paint);
            }
        }
        else
        {
            float shift = Odd(0, y, pitch) ? pitch : 0;
            canvas.DrawRect((x * 2) + shift, y, pitch * 1.9f, pitch * 0.88f, paint);
        }
    }

    private void Wave(float y, float pitch, float thickness, SKPaint paint)
    {
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"M{-size} {y}");
        for (float x = -size; x < size * 2; x += pitch * 3)
        {
            svg.Append(CultureInfo.InvariantCulture, $" q{pitch * 0.75f} {pitch * 0.7f} {pitch * 1.5f} 0");
            svg.Append(CultureInfo.InvariantCulture, $" q{pitch * 0.75f} {-pitch * 0.7f} {pitch * 1.5f} 0");
        }

        using SKPath path = Sketch.Path($"{svg}");
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = thickness;
        canvas.DrawPath(path, paint);
    }

    // Drawn at half the size: noise is the dearest part of a picture, and the grain adds the finest scale anyway.
    private void DrawNoise()
    {
        int half = size / 2;
        float frequency = random.Range(0.02f, 0.16f) * 256 / size;
        using SKShader shader = SKShader.CreatePerlinNoiseFractalNoise(
            frequency, frequency * random.Range(0.3f, 1), 2, random.Below(1 << 15));
        using SKBitmap noise = new(new SKImageInfo(half, half, SKColorType.Rgba8888, SKAlphaType.Premul));
        using (SKCanvas sheet = new(noise))
        using (SKPaint fill = new() { Shader = shader, BlendMode = SKBlendMode.Src })
        {
            sheet.DrawRect(0, 0, half, half, fill);
        }

        using SKPaint paint = new() { BlendMode = random.Chance(0.5f) ? SKBlendMode.SoftLight : SKBlendMode.Overlay };
        paint.Color = SKColors.White.WithAlpha((byte)random.Range(90, 220));
        using SKImage image = SKImage.FromBitmap(noise);
        canvas.DrawImage(
            image, new SKRect(0, 0, half, half), new SKRect(0, 0, size, size), new SKSamplingOptions(SKFilterMode.Linear), paint);
    }

    private void DrawDistractor()
    {
        float reach = size * 0.5f * MathF.Pow(random.Unit(), 1.5f) * 0.55f + (size * 0.02f);
        canvas.Save();
        canvas.Translate(random.Unit() * size, random.Unit() * size);
        canvas.RotateDegrees(random.Range(0, 360));
        canvas.Scale(reach, reach);
        using Sketch sketch = new(canvas, Palette.Draw(_traits), random);
        SKColor color = random.Chance(0.5f) ? sketch.Colors.Main : sketch.Colors.Accent;
        switch (random.Below(8))
        {
            case 0:
                sketch.Solid(Blob(), color);
                break;
            case 1:
                sketch.Solid(Polygon(3 + random.Below(4)), color);
                break;
            case 2:
                float aspect = random.Range(0.25f, 1);
                sketch.Solid(Sketch.Round(-1, -aspect, 1, aspect, random.Range(0.01f, 0.24f)), color);
                break;
            case 3:
                sketch.Tube(Sketch.Oval(0, 0, 1, random.Range(0.5f, 1)), color, random.Range(0.08f, 0.35f));
                break;
            case 4:
                sketch.Tube(
                    $"""
                    M-1.4 0 Q{random.Range(-1, 1)} {random.Range(-1, 1)} 1.4 {random.Range(-0.6f, 0.6f)}
                    """, color, random.Range(0.06f, 0.25f));
                break;
            case 5:
                sketch.Solid(Sketch.Oval(0, 0, 1, random.Range(0.5f, 1)), color);
                sketch.Solid(Sketch.Oval(0, 0, 0.5f, random.Range(0.25f, 0.5f)), sketch.Colors.Light);
                break;
            case 6:
                sketch.Solid(Star(4 + random.Below(4)), color);
                break;
            default:
                using (SKPath blob = Sketch.Path(Blob()))
                {
                    sketch.Solid(blob, color);
                    sketch.Within(blob, () => sketch.Line(
                        $"""
                        M-1.2 -0.4 L1.2 -0.4 M-1.2 0 L1.2 0 M-1.2 0.4 L1.2 0.4
                        """, sketch.Colors.Light, 0.14f));
                    sketch.Outline(blob);
                }

                break;
        }

        canvas.Restore();
    }

    private FormattableString Polygon(int corners)
    {
        StringBuilder svg = new();
        for (int i = 0; i < corners; i++)
        {
            float angle = (i + random.Range(-0.3f, 0.3f)) * MathF.Tau / corners;
            float reach = random.Range(0.6f, 1.1f);
            svg.Append(i == 0 ? 'M' : 'L');
            svg.Append(CultureInfo.InvariantCulture, $"{reach * MathF.Cos(angle)} {reach * MathF.Sin(angle)}");
        }

        return $"{svg} Z";
    }

    private FormattableString Star(int rays)
    {
        StringBuilder svg = new();
        float inner = random.Range(0.4f, 0.65f);
        for (int i = 0; i < rays * 2; i++)
        {
            float angle = i * MathF.PI / rays;
            float reach = i % 2 == 0 ? 1 : inner;
            svg.Append(i == 0 ? 'M' : 'L');
            svg.Append(CultureInfo.InvariantCulture, $"{reach * MathF.Cos(angle)} {reach * MathF.Sin(angle)}");
        }

        return $"{svg} Z";
    }

    private FormattableString Blob()
    {
        const int corners = 7;
        Span<SKPoint> points = stackalloc SKPoint[corners];
        for (int i = 0; i < corners; i++)
        {
            float angle = i * MathF.Tau / corners;
            float reach = random.Range(0.55f, 1.1f);
            points[i] = new SKPoint(reach * MathF.Cos(angle), reach * MathF.Sin(angle));
        }

        StringBuilder svg = new();
        for (int i = 0; i <= corners; i++)
        {
            SKPoint at = points[i % corners];
            SKPoint next = points[(i + 1) % corners];
            float x = (at.X + next.X) / 2;
            float y = (at.Y + next.Y) / 2;
            if (i == 0)
            {
                svg.Append(CultureInfo.InvariantCulture, $"M{x} {y}");
            }
            else
            {
                svg.Append(CultureInfo.InvariantCulture, $" Q{at.X} {at.Y} {x} {y}");
            }
        }

        return $"{svg} Z";
    }
}
