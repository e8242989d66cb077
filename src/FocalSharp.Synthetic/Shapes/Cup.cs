using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>A cup with a handle, seen a little from above.</summary>
internal sealed class Cup : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "cup";

    /// <inheritdoc/>
    public override void Draw(ShapeCanvas shapeCanvas, ShapeSampler sampler)
    {
        Palette colors = shapeCanvas.Colors;
        float a = sampler.SampleRange(0.58f, 0.72f);
        float b = a * (1 - sampler.SampleRange(0.02f, 0.34f));
        float h = sampler.SampleRange(0.85f, 1.3f);
        float rim = sampler.SampleRange(0.13f, 0.2f);
        float handle = sampler.SampleRange(0.30f, 0.46f);
        float thick = sampler.SampleRange(0.13f, 0.18f);
        float top = -h / 2;
        float bottom = h / 2;
        float foot = rim * 0.75f;

        shapeCanvas.DrawTube(
                $"""
                M{a * 0.9f} {top + (h * 0.22f)}
                C{a + (handle * 1.25f)} {top + (h * 0.08f)} {a + (handle * 1.25f)} {top + (h * 0.86f)}
                {(a * 0.35f) + (b * 0.55f)} {top + (h * 0.76f)}
                """,
            Palette.Darken(colors.Main, 0.08f), thick);
        using SKPath body = ShapeCanvas.ParsePath(
                $"""
                M{-a} {top} C{-a} {top + (h * 0.5f)} {-b - 0.02f} {bottom - (h * 0.25f)} {-b} {bottom - foot}
                A{b} {foot} 0 0 0 {b} {bottom - foot} C{b + 0.02f} {bottom - (h * 0.25f)} {a} {top + (h * 0.5f)} {a} {top} Z
                """);
        shapeCanvas.FillShadedWithOutline(body, colors.Main);
        float band = sampler.SampleRange(0.36f, 0.56f);
        int pattern = sampler.Random.NextInt32(3);
        shapeCanvas.DrawClipped(body, () =>
        {
            float y = top + (h * band);
            if (pattern == 0)
            {
                shapeCanvas.DrawLine($"M-1 {y - 0.02f} Q0 {y + (rim * 1.7f)} 1 {y - 0.02f}", colors.Accent, 0.16f);
            }
            else if (pattern == 1)
            {
                for (int i = -2; i <= 2; i++)
                {
                    shapeCanvas.FillFlat(ShapeCanvas.OvalPath(i * 0.27f, y + (rim * (0.9f - (i * i * 0.17f))), 0.085f, 0.085f), colors.Accent);
                }
            }
            else
            {
                shapeCanvas.FillFlat(
                    $"""
                    M0 {y + 0.36f} C-0.34 {y + 0.12f} -0.2 {y - 0.1f} 0 {y + 0.06f}
                    C0.2 {y - 0.1f} 0.34 {y + 0.12f} 0 {y + 0.36f} Z
                    """, colors.Accent);
            }

            shapeCanvas.DrawHighlight(
                $"""
                M{-a * 0.82f} {top} Q{-a * 0.8f} 0 {-b * 0.82f} {bottom} L{-b * 0.6f} {bottom}
                Q{-a * 0.6f} 0 {-a * 0.6f} {top} Z
                """, 0.3f);
        });
        shapeCanvas.DrawOutline(body);
        shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(0, top, a, rim), Palette.Lighten(colors.Main, 0.3f));
        using SKPath inside = ShapeCanvas.ParsePath(ShapeCanvas.OvalPath(0, top, a * 0.88f, rim * 0.78f));
        shapeCanvas.FillShaded(inside, Palette.Darken(colors.Main, 0.45f));
        SKColor drink = Palette.Darken(colors.Accent, 0.3f);
        shapeCanvas.DrawClipped(inside, () => shapeCanvas.FillFlat(ShapeCanvas.OvalPath(0, top + (rim * 0.35f), a * 0.85f, rim * 0.75f), drink));
    }
}
