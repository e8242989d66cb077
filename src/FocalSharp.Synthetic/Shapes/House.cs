using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>A house from the front: walls, roof, chimney, door and windows.</summary>
internal sealed class House : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "house";

    /// <inheritdoc/>
    public override float MaxTilt => 10;

    /// <inheritdoc/>
    public override void Draw(ShapeCanvas shapeCanvas, ShapeSampler sampler)
    {
        Palette colors = shapeCanvas.Colors;
        float w = sampler.SampleRange(0.62f, 0.88f);
        float h = sampler.SampleRange(0.72f, 1.05f);
        float roof = sampler.SampleRange(0.48f, 0.85f);
        float ridge = sampler.SampleRange(0, 0.5f) * w;
        float eaves = sampler.SampleRange(0.10f, 0.2f);
        float chimney = sampler.SampleRange(0.35f, 0.6f) * w;
        float doorWidth = sampler.SampleRange(0.15f, 0.2f);

        float chimneyTop = -roof * 1.02f;
        shapeCanvas.FillShadedWithOutline(
            $"""
            M{chimney} 0 L{chimney} {chimneyTop} L{chimney + 0.2f} {chimneyTop} L{chimney + 0.2f} 0 Z
            """, Palette.Darken(colors.Main, 0.25f));
        shapeCanvas.FillShadedWithOutline(
            $"""
            M{chimney - 0.04f} {chimneyTop} L{chimney - 0.04f} {chimneyTop - 0.1f} L{chimney + 0.24f} {chimneyTop - 0.1f}
            L{chimney + 0.24f} {chimneyTop} Z
            """, colors.Dark);

        using SKPath walls = ShapeCanvas.ParsePath($"M{-w} -0.05 L{w} -0.05 L{w} {h} L{-w} {h} Z");
        shapeCanvas.FillShadedWithOutline(walls, colors.Main);
        shapeCanvas.DrawClipped(walls, () =>
        {
            shapeCanvas.FillFlat($"M{-w} 0 L{w} 0 L{w} 0.09 L{-w} 0.09 Z", Palette.Darken(colors.Main, 0.35f));
            shapeCanvas.FillFlat($"M{-w} {h - 0.1f} L{w} {h - 0.1f} L{w} {h} L{-w} {h} Z", Palette.Darken(colors.Main, 0.3f));
        });

        using SKPath tiles = ShapeCanvas.ParsePath($"M{-w - eaves} 0.03 L{-ridge} {-roof} L{ridge} {-roof} L{w + eaves} 0.03 Z");
        shapeCanvas.FillShadedWithOutline(tiles, colors.Accent);
        shapeCanvas.DrawClipped(tiles, () =>
        {
            for (float y = -roof + 0.17f; y < 0; y += 0.17f)
            {
                shapeCanvas.DrawLine($"M{-w - eaves} {y} L{w + eaves} {y}", Palette.Darken(colors.Accent, 0.3f), 0.025f);
            }
        });
        if (ridge < 0.2f * w && roof > 0.6f)
        {
            shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(0, -roof * 0.42f, 0.12f, 0.12f), colors.Light);
        }

        bool central = sampler.Random.NextBoolean(0.5f);
        float door = central ? 0 : -w * 0.48f;
        float doorTop = h - (h * sampler.SampleRange(0.5f, 0.6f));
        shapeCanvas.FillShadedWithOutline(
            $"""
            M{door - doorWidth} {h} L{door - doorWidth} {doorTop + 0.06f}
            Q{door} {doorTop - 0.1f} {door + doorWidth} {doorTop + 0.06f} L{door + doorWidth} {h} Z
            """, colors.Dark);
        shapeCanvas.FillFlat(ShapeCanvas.OvalPath(door + (doorWidth * 0.6f), (doorTop + h) / 2 + 0.05f, 0.03f, 0.03f), colors.Light);
        float size = sampler.SampleRange(0.13f, 0.19f);
        float sill = h * 0.45f;
        if (central)
        {
            DrawWindow(shapeCanvas, -w * 0.62f, sill, size * 0.85f);
            DrawWindow(shapeCanvas, w * 0.62f, sill, size * 0.85f);
        }
        else
        {
            DrawWindow(shapeCanvas, w * 0.1f, sill, size * 0.85f);
            DrawWindow(shapeCanvas, w * 0.66f, sill, size * 0.85f);
        }
    }

    private static void DrawWindow(ShapeCanvas shapeCanvas, float x, float y, float r)
    {
        SKColor bars = shapeCanvas.Colors.Dark;
        shapeCanvas.FillShadedWithOutline(
            $"""
            M{x - r} {y - (r * 1.2f)} L{x + r} {y - (r * 1.2f)} L{x + r} {y + (r * 1.2f)} L{x - r} {y + (r * 1.2f)} Z
            """, shapeCanvas.Colors.Light);
        shapeCanvas.DrawLine($"M{x} {y - (r * 1.2f)} L{x} {y + (r * 1.2f)} M{x - r} {y} L{x + r} {y}", bars, 0.028f);
        shapeCanvas.DrawLine($"M{x - r - 0.04f} {y + (r * 1.2f) + 0.03f} L{x + r + 0.04f} {y + (r * 1.2f) + 0.03f}", bars, 0.05f);
    }
}
