using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>A car from the side.</summary>
internal sealed class Car : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "car";

    /// <inheritdoc/>
    public override void Draw(ShapeCanvas shapeCanvas, ShapeSampler sampler)
    {
        Palette colors = shapeCanvas.Colors;
        float h = sampler.SampleRange(0.36f, 0.46f);
        float roof = sampler.SampleRange(0.34f, 0.50f);
        float rear = sampler.SampleRange(-0.90f, -0.62f);
        float front = sampler.SampleRange(0.30f, 0.52f);
        float rearSlant = sampler.SampleRange(0.12f, 0.34f);
        float frontSlant = sampler.SampleRange(0.24f, 0.44f);
        float wheel = sampler.SampleRange(0.20f, 0.26f);
        float axle = sampler.SampleRange(0.52f, 0.64f);

        using SKPath body = ShapeCanvas.ParsePath(
                $"""
                M-1 {h * 0.8f} L-1 0.12 Q-1 0 -0.9 0 L{rear} 0
                Q{rear + (rearSlant * 0.3f)} {-roof} {rear + rearSlant + 0.06f} {-roof}
                L{front - frontSlant - 0.06f} {-roof} Q{front - (frontSlant * 0.7f)} {-roof} {front} 0 L0.78 0.04
                Q1 0.08 1 {h * 0.5f} L1 {h * 0.8f} Q1 {h} 0.92 {h} L-0.92 {h} Q-1 {h} -1 {h * 0.8f} Z
                """);
        shapeCanvas.FillShadedWithOutline(body, colors.Main);
        shapeCanvas.DrawClipped(body, () => shapeCanvas.FillFlat(
            $"""
            M-1.1 {h * 0.72f} L1.1 {h * 0.72f} L1.1 {h + 0.1f} L-1.1 {h + 0.1f} Z
            """, Palette.Darken(colors.Main, 0.3f)));

        float top = -roof + 0.09f;
        float pillar = (rear + rearSlant + front - frontSlant) / 2;
        float left = rear + (rearSlant * 0.85f);
        float right = front - (frontSlant * 0.95f);
        shapeCanvas.FillShadedWithOutline(
            $"""
            M{rear + (rearSlant * 0.3f) + 0.10f} -0.03 L{left + 0.06f} {top} L{pillar - 0.04f} {top} L{pillar - 0.04f} -0.03
            Z
            """, colors.Light);
        shapeCanvas.FillShadedWithOutline($"M{pillar + 0.04f} -0.03 L{pillar + 0.04f} {top} L{right} {top} L{front - 0.1f} -0.03 Z", colors.Light);
        shapeCanvas.DrawHighlight(
            $"""
            M{pillar + 0.08f} -0.05 L{pillar + 0.20f} {top + 0.02f} L{pillar + 0.28f} {top + 0.02f} L{pillar + 0.16f} -0.05
            Z
            """, 0.5f);
        shapeCanvas.DrawLine($"M{pillar} 0 L{pillar} {h * 0.7f}", Palette.Darken(colors.Main, 0.35f), 0.025f);
        shapeCanvas.DrawLine($"M{pillar - 0.24f} 0.08 L{pillar - 0.12f} 0.08", colors.Light, 0.035f);
        shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(0.91f, h * 0.42f, 0.055f, 0.075f), colors.Light);
        shapeCanvas.FillShadedWithOutline(ShapeCanvas.RoundedRectanglePath(-1, h * 0.2f, -0.91f, h * 0.55f, 0.03f), colors.Accent);
        shapeCanvas.DrawHighlight($"M-0.86 0.05 L0.7 0.07 L0.7 0.11 L-0.86 0.09 Z", 0.35f);

        foreach (float x in (ReadOnlySpan<float>)[-axle, axle])
        {
            float y = h - 0.01f;
            shapeCanvas.FillFlat(ShapeCanvas.OvalPath(x, y, wheel + 0.05f, wheel + 0.05f), Palette.Darken(colors.Main, 0.55f));
            shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(x, y, wheel, wheel), colors.Dark);
            shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(x, y, wheel * 0.56f, wheel * 0.56f), colors.Light);
            shapeCanvas.FillFlat(ShapeCanvas.OvalPath(x, y, wheel * 0.18f, wheel * 0.18f), colors.Dark);
        }
    }
}
