using System.Globalization;
using System.Text;
using FocalSharp.Datasets;
using FocalSharp.Synthetic.Shapes;
using SkiaSharp;

namespace FocalSharp.Synthetic;

/// <summary>
/// Draws the background of a scene: a gradient, a pattern, noise, and distractors in the style of the objects.
/// </summary>
internal sealed class SceneBackground(SKCanvas canvas, int size, SceneRandom random, DatasetSplit split)
{
    private readonly ShapeSampler _sampler = new(random, split);

    /// <summary>Draws a background on the whole canvas.</summary>
    public void Draw()
    {
        DrawGradient();
        if (random.NextBoolean(0.75f))
        {
            DrawPattern();
        }

        if (random.NextBoolean(0.75f))
        {
            DrawNoise();
        }

        int distractors = 3 + random.NextInt32(10);
        for (int i = 0; i < distractors; i++)
        {
            DrawDistractor();
        }
    }

    private SKColor SampleColor() => _sampler.SampleColor(8, 62, 36, 90);

    private void DrawGradient()
    {
        using SKPaint paint = new();
        SKColor[] colors = [SampleColor(), SampleColor(), SampleColor()];
        float angle = random.NextSingleInRange(0, MathF.Tau);
        float half = size / 2f;
        SKPoint from = new(half + (half * MathF.Cos(angle)), half + (half * MathF.Sin(angle)));
        SKPoint to = new(size - from.X, size - from.Y);
        using SKShader shader = random.NextBoolean(0.65f)
            ? SKShader.CreateLinearGradient(from, to, colors[..(2 + random.NextInt32(2))], SKShaderTileMode.Clamp)
            : SKShader.CreateRadialGradient(
                new SKPoint(random.NextSingle() * size, random.NextSingle() * size),
                size * random.NextSingleInRange(0.6f, 1.3f),
                colors,
                SKShaderTileMode.Clamp);
        paint.Shader = shader;
        canvas.DrawRect(0, 0, size, size, paint);
    }

    private void DrawPattern()
    {
        using SKPaint paint = new() { IsAntialias = true, Color = SampleColor().WithAlpha((byte)random.NextSingleInRange(40, 150)) };
        float pitch = size * random.NextSingleInRange(0.04f, 0.16f);
        canvas.Save();
        canvas.RotateDegrees(random.NextBoolean(0.5f) ? 0 : random.NextSingleInRange(-80, 80), size / 2f, size / 2f);
        int kind = random.NextInt32(5);
        float duty = random.NextSingleInRange(0.25f, 0.6f);
        for (float y = -size / 2f; y < size * 1.5f; y += pitch)
        {
            switch (kind)
            {
                case 0:
                    canvas.DrawRect(-size, y, size * 3, pitch * duty, paint);
                    break;
                case 1:
                    DrawWave(y, pitch, pitch * duty * 0.6f, paint);
                    break;
                default:
                    for (float x = -size / 2f; x < size * 1.5f; x += pitch)
                    {
                        DrawPatternCell(kind, x, y, pitch, duty, paint);
                    }

                    break;
            }
        }

        canvas.Restore();
    }

    private static bool IsOddCell(float x, float y, float pitch)
        => (((int)MathF.Round(x / pitch) + (int)MathF.Round(y / pitch)) & 1) != 0;

    private void DrawPatternCell(int kind, float x, float y, float pitch, float duty, SKPaint paint)
    {
        if (kind == 2)
        {
            canvas.DrawCircle(x + (IsOddCell(0, y, pitch) ? pitch / 2 : 0), y, pitch * duty * 0.6f, paint);
        }
        else if (kind == 3)
        {
            if (IsOddCell(x, y, pitch))
            {
                canvas.DrawRect(x, y, pitch, pitch, paint);
            }
        }
        else
        {
            float shift = IsOddCell(0, y, pitch) ? pitch : 0;
            canvas.DrawRect((x * 2) + shift, y, pitch * 1.9f, pitch * 0.88f, paint);
        }
    }

    private void DrawWave(float y, float pitch, float thickness, SKPaint paint)
    {
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"M{-size} {y}");
        for (float x = -size; x < size * 2; x += pitch * 3)
        {
            svg.Append(CultureInfo.InvariantCulture, $" q{pitch * 0.75f} {pitch * 0.7f} {pitch * 1.5f} 0");
            svg.Append(CultureInfo.InvariantCulture, $" q{pitch * 0.75f} {-pitch * 0.7f} {pitch * 1.5f} 0");
        }

        using SKPath path = ShapeCanvas.ParsePath($"{svg}");
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = thickness;
        canvas.DrawPath(path, paint);
    }

    // At half the size: noise is the most expensive part of an image, and camera noise adds the finest scale.
    private void DrawNoise()
    {
        int half = size / 2;
        float frequency = random.NextSingleInRange(0.02f, 0.16f) * 256 / size;
        using SKShader shader = SKShader.CreatePerlinNoiseFractalNoise(
            frequency, frequency * random.NextSingleInRange(0.3f, 1), 2, random.NextInt32(1 << 15));
        using SKBitmap noise = new(new SKImageInfo(half, half, SKColorType.Rgba8888, SKAlphaType.Premul));
        using (SKCanvas noiseCanvas = new(noise))
        using (SKPaint fill = new() { Shader = shader, BlendMode = SKBlendMode.Src })
        {
            noiseCanvas.DrawRect(0, 0, half, half, fill);
        }

        using SKPaint paint = new() { BlendMode = random.NextBoolean(0.5f) ? SKBlendMode.SoftLight : SKBlendMode.Overlay };
        paint.Color = SKColors.White.WithAlpha((byte)random.NextSingleInRange(90, 220));
        using SKImage image = SKImage.FromBitmap(noise);
        canvas.DrawImage(
            image, new SKRect(0, 0, half, half), new SKRect(0, 0, size, size), new SKSamplingOptions(SKFilterMode.Linear), paint);
    }

    private void DrawDistractor()
    {
        float reach = size * 0.5f * MathF.Pow(random.NextSingle(), 1.5f) * 0.55f + (size * 0.02f);
        canvas.Save();
        canvas.Translate(random.NextSingle() * size, random.NextSingle() * size);
        canvas.RotateDegrees(random.NextSingleInRange(0, 360));
        canvas.Scale(reach, reach);
        using ShapeCanvas shapeCanvas = new(canvas, Palette.Create(_sampler), random);
        SKColor color = random.NextBoolean(0.5f) ? shapeCanvas.Colors.Main : shapeCanvas.Colors.Accent;
        switch (random.NextInt32(8))
        {
            case 0:
                shapeCanvas.FillShadedWithOutline(BlobPath(), color);
                break;
            case 1:
                shapeCanvas.FillShadedWithOutline(PolygonPath(3 + random.NextInt32(4)), color);
                break;
            case 2:
                float aspect = random.NextSingleInRange(0.25f, 1);
                shapeCanvas.FillShadedWithOutline(ShapeCanvas.RoundedRectanglePath(-1, -aspect, 1, aspect, random.NextSingleInRange(0.01f, 0.24f)), color);
                break;
            case 3:
                shapeCanvas.DrawTube(ShapeCanvas.OvalPath(0, 0, 1, random.NextSingleInRange(0.5f, 1)), color, random.NextSingleInRange(0.08f, 0.35f));
                break;
            case 4:
                shapeCanvas.DrawTube(
                    $"""
                    M-1.4 0 Q{random.NextSingleInRange(-1, 1)} {random.NextSingleInRange(-1, 1)} 1.4 {random.NextSingleInRange(-0.6f, 0.6f)}
                    """, color, random.NextSingleInRange(0.06f, 0.25f));
                break;
            case 5:
                shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(0, 0, 1, random.NextSingleInRange(0.5f, 1)), color);
                shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(0, 0, 0.5f, random.NextSingleInRange(0.25f, 0.5f)), shapeCanvas.Colors.Light);
                break;
            case 6:
                shapeCanvas.FillShadedWithOutline(StarPath(4 + random.NextInt32(4)), color);
                break;
            default:
                using (SKPath blob = ShapeCanvas.ParsePath(BlobPath()))
                {
                    shapeCanvas.FillShadedWithOutline(blob, color);
                    shapeCanvas.DrawClipped(blob, () => shapeCanvas.DrawLine(
                        $"""
                        M-1.2 -0.4 L1.2 -0.4 M-1.2 0 L1.2 0 M-1.2 0.4 L1.2 0.4
                        """, shapeCanvas.Colors.Light, 0.14f));
                    shapeCanvas.DrawOutline(blob);
                }

                break;
        }

        canvas.Restore();
    }

    private FormattableString PolygonPath(int corners)
    {
        StringBuilder svg = new();
        for (int i = 0; i < corners; i++)
        {
            float angle = (i + random.NextSingleInRange(-0.3f, 0.3f)) * MathF.Tau / corners;
            float reach = random.NextSingleInRange(0.6f, 1.1f);
            svg.Append(i == 0 ? 'M' : 'L');
            svg.Append(CultureInfo.InvariantCulture, $"{reach * MathF.Cos(angle)} {reach * MathF.Sin(angle)}");
        }

        return $"{svg} Z";
    }

    private FormattableString StarPath(int rays)
    {
        StringBuilder svg = new();
        float inner = random.NextSingleInRange(0.4f, 0.65f);
        for (int i = 0; i < rays * 2; i++)
        {
            float angle = i * MathF.PI / rays;
            float reach = i % 2 == 0 ? 1 : inner;
            svg.Append(i == 0 ? 'M' : 'L');
            svg.Append(CultureInfo.InvariantCulture, $"{reach * MathF.Cos(angle)} {reach * MathF.Sin(angle)}");
        }

        return $"{svg} Z";
    }

    private FormattableString BlobPath()
    {
        const int corners = 7;
        Span<SKPoint> points = stackalloc SKPoint[corners];
        for (int i = 0; i < corners; i++)
        {
            float angle = i * MathF.Tau / corners;
            float reach = random.NextSingleInRange(0.55f, 1.1f);
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
