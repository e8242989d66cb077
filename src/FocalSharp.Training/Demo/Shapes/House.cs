using SkiaSharp;

namespace FocalSharp.Training.Demo.Shapes;

/// <summary>A house from the front: walls, roof, chimney, door and windows.</summary>
internal sealed class House : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "house";

    /// <inheritdoc/>
    public override float MaxTilt => 10;

    /// <inheritdoc/>
    public override void Draw(Sketch sketch, TraitSource traits)
    {
        Palette colors = sketch.Colors;
        float w = traits.Range(0.62f, 0.88f);
        float h = traits.Range(0.72f, 1.05f);
        float roof = traits.Range(0.48f, 0.85f);
        float ridge = traits.Range(0, 0.5f) * w;
        float eaves = traits.Range(0.10f, 0.2f);
        float chimney = traits.Range(0.35f, 0.6f) * w;
        float doorWidth = traits.Range(0.15f, 0.2f);

        float chimneyTop = -roof * 1.02f;
        sketch.Solid(
            $"""
            M{chimney} 0 L{chimney} {chimneyTop} L{chimney + 0.2f} {chimneyTop} L{chimney + 0.2f} 0 Z
            """, Palette.Darker(colors.Main, 0.25f));
        sketch.Solid(
            $"""
            M{chimney - 0.04f} {chimneyTop} L{chimney - 0.04f} {chimneyTop - 0.1f} L{chimney + 0.24f} {chimneyTop - 0.1f}
            L{chimney + 0.24f} {chimneyTop} Z
            """, colors.Dark);

        using SKPath walls = Sketch.Path($"M{-w} -0.05 L{w} -0.05 L{w} {h} L{-w} {h} Z");
        sketch.Solid(walls, colors.Main);
        sketch.Within(walls, () =>
        {
            sketch.Flat($"M{-w} 0 L{w} 0 L{w} 0.09 L{-w} 0.09 Z", Palette.Darker(colors.Main, 0.35f));
            sketch.Flat($"M{-w} {h - 0.1f} L{w} {h - 0.1f} L{w} {h} L{-w} {h} Z", Palette.Darker(colors.Main, 0.3f));
        });

        using SKPath tiles = Sketch.Path($"M{-w - eaves} 0.03 L{-ridge} {-roof} L{ridge} {-roof} L{w + eaves} 0.03 Z");
        sketch.Solid(tiles, colors.Accent);
        sketch.Within(tiles, () =>
        {
            for (float y = -roof + 0.17f; y < 0; y += 0.17f)
            {
                sketch.Line($"M{-w - eaves} {y} L{w + eaves} {y}", Palette.Darker(colors.Accent, 0.3f), 0.025f);
            }
        });
        if (ridge < 0.2f * w && roof > 0.6f)
        {
            sketch.Solid(Sketch.Oval(0, -roof * 0.42f, 0.12f, 0.12f), colors.Light);
        }

        bool central = traits.Random.Chance(0.5f);
        float door = central ? 0 : -w * 0.48f;
        float doorTop = h - (h * traits.Range(0.5f, 0.6f));
        sketch.Solid(
            $"""
            M{door - doorWidth} {h} L{door - doorWidth} {doorTop + 0.06f}
            Q{door} {doorTop - 0.1f} {door + doorWidth} {doorTop + 0.06f} L{door + doorWidth} {h} Z
            """, colors.Dark);
        sketch.Flat(Sketch.Oval(door + (doorWidth * 0.6f), (doorTop + h) / 2 + 0.05f, 0.03f, 0.03f), colors.Light);
        float size = traits.Range(0.13f, 0.19f);
        float sill = h * 0.45f;
        if (central)
        {
            Window(sketch, -w * 0.62f, sill, size * 0.85f);
            Window(sketch, w * 0.62f, sill, size * 0.85f);
        }
        else
        {
            Window(sketch, w * 0.1f, sill, size * 0.85f);
            Window(sketch, w * 0.66f, sill, size * 0.85f);
        }
    }

    private static void Window(Sketch sketch, float x, float y, float r)
    {
        SKColor bars = sketch.Colors.Dark;
        sketch.Solid(
            $"""
            M{x - r} {y - (r * 1.2f)} L{x + r} {y - (r * 1.2f)} L{x + r} {y + (r * 1.2f)} L{x - r} {y + (r * 1.2f)} Z
            """, sketch.Colors.Light);
        sketch.Line($"M{x} {y - (r * 1.2f)} L{x} {y + (r * 1.2f)} M{x - r} {y} L{x + r} {y}", bars, 0.028f);
        sketch.Line($"M{x - r - 0.04f} {y + (r * 1.2f) + 0.03f} L{x + r + 0.04f} {y + (r * 1.2f) + 0.03f}", bars, 0.05f);
    }
}
