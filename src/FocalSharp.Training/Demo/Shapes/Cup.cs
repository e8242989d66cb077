using SkiaSharp;

namespace FocalSharp.Training.Demo.Shapes;

/// <summary>A cup with a handle, seen a little from above.</summary>
internal sealed class Cup : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "cup";

    /// <inheritdoc/>
    public override void Draw(Sketch sketch, TraitSource traits)
    {
        Palette colors = sketch.Colors;
        float a = traits.Range(0.58f, 0.72f);
        float b = a * (1 - traits.Range(0.02f, 0.34f));
        float h = traits.Range(0.85f, 1.3f);
        float rim = traits.Range(0.13f, 0.2f);
        float handle = traits.Range(0.30f, 0.46f);
        float thick = traits.Range(0.13f, 0.18f);
        float top = -h / 2;
        float bottom = h / 2;
        float foot = rim * 0.75f;

        sketch.Tube(
                $"""
                M{a * 0.9f} {top + (h * 0.22f)}
                C{a + (handle * 1.25f)} {top + (h * 0.08f)} {a + (handle * 1.25f)} {top + (h * 0.86f)}
                {(a * 0.35f) + (b * 0.55f)} {top + (h * 0.76f)}
                """,
            Palette.Darker(colors.Main, 0.08f), thick);
        using SKPath body = Sketch.Path(
                $"""
                M{-a} {top} C{-a} {top + (h * 0.5f)} {-b - 0.02f} {bottom - (h * 0.25f)} {-b} {bottom - foot}
                A{b} {foot} 0 0 0 {b} {bottom - foot} C{b + 0.02f} {bottom - (h * 0.25f)} {a} {top + (h * 0.5f)} {a} {top} Z
                """);
        sketch.Solid(body, colors.Main);
        float band = traits.Range(0.36f, 0.56f);
        int pattern = traits.Random.Below(3);
        sketch.Within(body, () =>
        {
            float y = top + (h * band);
            if (pattern == 0)
            {
                sketch.Line($"M-1 {y - 0.02f} Q0 {y + (rim * 1.7f)} 1 {y - 0.02f}", colors.Accent, 0.16f);
            }
            else if (pattern == 1)
            {
                for (int i = -2; i <= 2; i++)
                {
                    sketch.Flat(Sketch.Oval(i * 0.27f, y + (rim * (0.9f - (i * i * 0.17f))), 0.085f, 0.085f), colors.Accent);
                }
            }
            else
            {
                sketch.Flat(
                    $"""
                    M0 {y + 0.36f} C-0.34 {y + 0.12f} -0.2 {y - 0.1f} 0 {y + 0.06f}
                    C0.2 {y - 0.1f} 0.34 {y + 0.12f} 0 {y + 0.36f} Z
                    """, colors.Accent);
            }

            sketch.Gloss(
                $"""
                M{-a * 0.82f} {top} Q{-a * 0.8f} 0 {-b * 0.82f} {bottom} L{-b * 0.6f} {bottom}
                Q{-a * 0.6f} 0 {-a * 0.6f} {top} Z
                """, 0.3f);
        });
        sketch.Outline(body);
        sketch.Solid(Sketch.Oval(0, top, a, rim), Palette.Lighter(colors.Main, 0.3f));
        using SKPath inside = Sketch.Path(Sketch.Oval(0, top, a * 0.88f, rim * 0.78f));
        sketch.Shade(inside, Palette.Darker(colors.Main, 0.45f));
        SKColor drink = Palette.Darker(colors.Accent, 0.3f);
        sketch.Within(inside, () => sketch.Flat(Sketch.Oval(0, top + (rim * 0.35f), a * 0.85f, rim * 0.75f), drink));
    }
}
