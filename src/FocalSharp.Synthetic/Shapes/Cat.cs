using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>A cat that sits and looks at you.</summary>
internal sealed class Cat : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "cat";

    /// <inheritdoc/>
    public override void Draw(ShapeCanvas shapeCanvas, ShapeSampler sampler)
    {
        Palette colors = shapeCanvas.Colors;
        float belly = sampler.SampleRange(0.46f, 0.62f);
        float headX = sampler.SampleRange(0.40f, 0.5f);
        float headY = sampler.SampleRange(0.33f, 0.4f);
        float ear = sampler.SampleRange(0.26f, 0.4f);
        float tail = sampler.SampleRange(0.0f, 0.6f);
        float tailThick = sampler.SampleRange(0.13f, 0.19f);
        float spread = sampler.SampleRange(0.18f, 0.23f);
        const float y = -0.42f;
        SKColor shade = Palette.Darken(colors.Main, 0.35f);

        shapeCanvas.DrawTube(
            $"""
            M{belly * 0.6f} 0.88 C{belly + 0.35f} 1 {belly + 0.5f} {0.5f - (tail * 0.3f)} {belly + 0.18f} {0.2f - tail}
            """, colors.Main, tailThick);
        shapeCanvas.FillShadedWithOutline(
            $"""
            M-0.18 -0.2 C{-belly} 0.1 {-belly - 0.12f} 0.98 {-belly * 0.75f} 1 L{belly * 0.75f} 1
            C{belly + 0.12f} 0.98 {belly} 0.1 0.18 -0.2 Z
            """, colors.Main);
        shapeCanvas.FillFlat($"M0 0 C-0.3 0.1 -0.26 0.62 0 0.7 C0.26 0.62 0.3 0.1 0 0 Z", colors.Light.WithAlpha(190));
        shapeCanvas.DrawLine(
            $"""
            M-0.12 0.5 L-0.13 0.85 M0.12 0.5 L0.13 0.85 M{-belly * 0.62f} 0.62 Q{-belly * 0.4f} 0.7 {-belly * 0.42f} 0.9
            M{belly * 0.62f} 0.62 Q{belly * 0.4f} 0.7 {belly * 0.42f} 0.9
            """, shade, 0.035f);
        shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(-0.17f, 0.94f, 0.16f, 0.09f), Palette.Lighten(colors.Main, 0.25f));
        shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(0.17f, 0.94f, 0.16f, 0.09f), Palette.Lighten(colors.Main, 0.25f));

        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float outer = side * headX * 0.96f;
            float inner = side * headX * 0.2f;
            float tip = side * headX * 0.88f;
            float crown = y - (headY * 0.8f);
            shapeCanvas.FillShadedWithOutline($"M{outer} {y - (headY * 0.2f)} L{tip} {crown - ear} L{inner} {crown} Z", colors.Main);
            shapeCanvas.FillFlat(
                $"""
                M{outer * 0.88f} {y - (headY * 0.5f)} L{tip * 0.95f} {crown - (ear * 0.65f)} L{inner * 2} {crown + 0.02f} Z
                """, colors.Accent);
        }

        shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(0, y, headX, headY), colors.Main);
        if (sampler.Random.NextBoolean(0.5f))
        {
            shapeCanvas.DrawLine(
                $"""
                M0 {y - (headY * 0.88f)} L0 {y - (headY * 0.55f)} M-0.11 {y - (headY * 0.84f)} L-0.09 {y - (headY * 0.6f)}
                M0.11 {y - (headY * 0.84f)} L0.09 {y - (headY * 0.6f)}
                """, shade, 0.045f);
        }

        shapeCanvas.FillFlat(ShapeCanvas.OvalPath(-0.075f, y + 0.14f, 0.11f, 0.085f), colors.Light.WithAlpha(200));
        shapeCanvas.FillFlat(ShapeCanvas.OvalPath(0.075f, y + 0.14f, 0.11f, 0.085f), colors.Light.WithAlpha(200));
        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float x = side * spread;
            shapeCanvas.FillFlat(
                $"""
                M{x - 0.1f} {y - 0.03f} Q{x} {y - 0.16f} {x + 0.1f} {y - 0.03f} Q{x} {y + 0.08f} {x - 0.1f} {y - 0.03f} Z
                """, colors.Light);
            shapeCanvas.FillFlat(ShapeCanvas.OvalPath(x, y - 0.04f, 0.04f, 0.065f), colors.Dark);
            shapeCanvas.DrawHighlight(ShapeCanvas.OvalPath(x - 0.015f, y - 0.065f, 0.016f, 0.016f), 0.9f);
            shapeCanvas.DrawLine(
                $"""
                M{side * 0.17f} {y + 0.13f} L{side * (headX - 0.06f)} {y + 0.1f} M{side * 0.17f} {y + 0.16f}
                L{side * (headX - 0.08f)} {y + 0.18f}
                """, colors.Dark, 0.016f);
        }

        shapeCanvas.FillFlat($"M-0.05 {y + 0.07f} L0.05 {y + 0.07f} L0 {y + 0.125f} Z", colors.Accent);
        shapeCanvas.DrawLine(
            $"""
            M0 {y + 0.12f} Q-0.02 {y + 0.2f} -0.09 {y + 0.18f} M0 {y + 0.12f} Q0.02 {y + 0.2f} 0.09 {y + 0.18f}
            """, colors.Dark, 0.022f);
    }
}
