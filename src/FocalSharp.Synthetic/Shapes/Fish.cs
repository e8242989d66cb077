using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>A fish from the side.</summary>
internal sealed class Fish : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "fish";

    /// <inheritdoc/>
    public override float MaxTilt => 14;

    /// <inheritdoc/>
    public override void Draw(ShapeCanvas shapeCanvas, ShapeSampler sampler)
    {
        Palette colors = shapeCanvas.Colors;
        float b = sampler.SampleRange(0.36f, 0.66f);
        float tail = sampler.SampleRange(0.34f, 0.54f);
        float fork = sampler.SampleRange(0.12f, 0.30f);
        float fin = sampler.SampleRange(0.18f, 0.34f);
        float snout = sampler.SampleRange(0.5f, 0.85f);
        SKColor fins = colors.Accent;

        shapeCanvas.FillShadedWithOutline(
            $"""
            M-0.5 0 Q-0.75 {-tail * 0.5f} -1.02 {-tail} Q-0.95 {-tail * 0.4f} {-1.02f + fork} 0
            Q-0.95 {tail * 0.4f} -1.02 {tail} Q-0.75 {tail * 0.5f} -0.5 0 Z
            """, fins);
        shapeCanvas.FillShadedWithOutline(
            $"""
            M0.4 {-b * 0.75f} Q0.1 {-b - (fin * 1.5f)} -0.42 {-b - (fin * 0.35f)} Q-0.3 {-b * 0.7f} -0.36 {-b * 0.4f} Z
            """, fins);
        shapeCanvas.FillShadedWithOutline($"M0.15 {b * 0.75f} Q-0.1 {b + fin} -0.3 {b + (fin * 0.4f)} Q-0.2 {b * 0.7f} -0.22 {b * 0.5f} Z", fins);

        using SKPath body = ShapeCanvas.ParsePath(
            $"""
            M1 0.03 C{snout} {-b * 1.25f} -0.1 {-b * 1.25f} -0.62 -0.07 Q-0.66 0 -0.62 0.07
            C-0.1 {b * 1.25f} {snout} {b * 1.2f} 1 0.03 Z
            """);
        shapeCanvas.FillShadedWithOutline(body, colors.Main);
        bool striped = sampler.Random.NextBoolean(0.5f);
        float first = sampler.SampleRange(-0.42f, -0.3f);
        shapeCanvas.DrawClipped(body, () =>
        {
            shapeCanvas.FillFlat(
                $"""
                M-0.7 {b * 0.45f} Q0.2 {b * 0.25f} 1 {b * 0.4f} L1 {b * 1.4f} L-0.7 {b * 1.4f} Z
                """, colors.Light.WithAlpha(120));
            for (int i = 0; i < 3; i++)
            {
                float x = first + (i * 0.29f);
                if (striped)
                {
                    shapeCanvas.DrawLine($"M{x} {-b * 1.2f} Q{x + 0.13f} 0 {x} {b * 1.2f}", fins, 0.11f);
                }
                else
                {
                    for (int k = -1; k <= 1; k++)
                    {
                        float y = (k * 0.22f) + (i % 2 * 0.1f) - 0.05f;
                        shapeCanvas.DrawLine(
                            $"""
                            M{x} {y - 0.09f} Q{x - 0.12f} {y} {x} {y + 0.09f}
                            """, Palette.Darken(colors.Main, 0.32f), 0.03f);
                    }
                }
            }
        });
        shapeCanvas.DrawOutline(body);
        shapeCanvas.DrawLine($"M0.44 {-b * 0.55f} Q0.3 0 0.44 {b * 0.55f}", Palette.Darken(colors.Main, 0.4f), 0.035f);
        shapeCanvas.FillShadedWithOutline($"M0.28 0.1 Q0.05 0.02 -0.08 0.22 Q0.06 0.3 0.28 0.2 Z", fins);
        float eye = sampler.SampleRange(0.085f, 0.12f);
        shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(0.66f, -b * 0.22f, eye, eye), colors.Light);
        shapeCanvas.FillFlat(ShapeCanvas.OvalPath(0.68f, -b * 0.22f, eye * 0.55f, eye * 0.55f), colors.Dark);
        shapeCanvas.DrawHighlight(ShapeCanvas.OvalPath(0.66f, (-b * 0.22f) - (eye * 0.25f), eye * 0.2f, eye * 0.2f), 0.9f);
        shapeCanvas.DrawLine($"M0.97 0.06 Q0.88 0.12 0.82 0.1", Palette.Darken(colors.Main, 0.55f), 0.035f);
        shapeCanvas.DrawHighlight($"M-0.2 {-b * 0.68f} Q0.2 {-b * 0.95f} 0.5 {-b * 0.62f} Q0.2 {-b * 0.78f} -0.2 {-b * 0.68f} Z", 0.5f);
    }
}
