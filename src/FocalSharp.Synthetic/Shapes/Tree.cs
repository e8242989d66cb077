using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>A tree: a trunk under a lobed crown, or a fir of stacked skirts.</summary>
internal sealed class Tree : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "tree";

    /// <inheritdoc/>
    public override float MaxTilt => 8;

    /// <inheritdoc/>
    public override void Draw(ShapeCanvas shapeCanvas, ShapeSampler sampler)
    {
        Palette colors = shapeCanvas.Colors;
        float trunk = sampler.SampleRange(0.09f, 0.15f);
        float length = sampler.SampleRange(0.95f, 1.2f);
        shapeCanvas.FillShadedWithOutline(
                $"""
                M{-trunk} -0.2 C{-trunk} {length * 0.6f} {-trunk * 1.1f} {length * 0.85f} {-trunk * 2.3f} {length}
                L{trunk * 2.3f} {length} C{trunk * 1.1f} {length * 0.85f} {trunk} {length * 0.6f} {trunk} -0.2 Z
                """,
            Palette.Darken(colors.Accent, 0.25f));
        shapeCanvas.DrawLine($"M{-trunk * 0.3f} 0.45 L{-trunk * 0.4f} {length * 0.85f}", Palette.Darken(colors.Accent, 0.5f), 0.03f);
        if (sampler.Random.NextBoolean(0.4f))
        {
            DrawSkirts(shapeCanvas, sampler);
        }
        else
        {
            DrawLobes(shapeCanvas, sampler);
        }
    }

    private static void DrawSkirts(ShapeCanvas shapeCanvas, ShapeSampler sampler)
    {
        float width = sampler.SampleRange(0.62f, 0.85f);
        float step = sampler.SampleRange(0.42f, 0.52f);
        float sag = sampler.SampleRange(0.06f, 0.14f);
        int skirts = 3 + sampler.Random.NextInt32(2);
        float taper = sampler.SampleRange(0.16f, 0.21f);
        for (int i = skirts - 1; i >= 0; i--)
        {
            float bottom = 0.62f - ((skirts - 1 - i) * step);
            float top = bottom - (step * 1.75f);
            float half = width * (1 - ((skirts - 1 - i) * taper));
            shapeCanvas.FillShadedWithOutline(
                    $"""
                    M0 {top} Q{half * 0.35f} {bottom - (step * 0.5f)} {half} {bottom}
                    Q{half * 0.75f} {bottom + sag} {half * 0.5f} {bottom + (sag * 0.4f)}
                    Q{half * 0.25f} {bottom + (sag * 1.4f)} 0 {bottom + (sag * 0.5f)}
                    Q{-half * 0.25f} {bottom + (sag * 1.4f)} {-half * 0.5f} {bottom + (sag * 0.4f)}
                    Q{-half * 0.75f} {bottom + sag} {-half} {bottom} Q{-half * 0.35f} {bottom - (step * 0.5f)} 0 {top} Z
                    """,
                shapeCanvas.Colors.Main);
        }
    }

    private static void DrawLobes(ShapeCanvas shapeCanvas, ShapeSampler sampler)
    {
        SKColor leaf = shapeCanvas.Colors.Main;
        int lobes = 6 + sampler.Random.NextInt32(3);
        float rx = sampler.SampleRange(0.42f, 0.6f);
        float ry = sampler.SampleRange(0.36f, 0.62f);
        float lobe = sampler.SampleRange(0.30f, 0.38f);
        float turn = sampler.SampleRange(0, 1);
        const float center = -0.35f;
        using SKPathBuilder builder = new();
        builder.AddOval(new SKRect(-rx, center - ry, rx, center + ry));
        for (int i = 0; i < lobes; i++)
        {
            float angle = (i + turn) * MathF.Tau / lobes;
            builder.AddCircle(rx * MathF.Cos(angle), center + (ry * MathF.Sin(angle)), lobe);
        }

        using SKPath circles = builder.Detach();
        using SKPath crown = circles.Simplify() ?? throw new InvalidOperationException("The crown's outline cannot be merged.");
        shapeCanvas.FillShadedWithOutline(crown, leaf);
        shapeCanvas.DrawClipped(crown, () =>
        {
            // Leafy scallops along a golden-angle spiral: dark ones below, light ones above.
            for (int i = 0; i < 9; i++)
            {
                float angle = (i * 2.4f) + turn;
                float reach = MathF.Sqrt((i + 0.5f) / 9);
                float x = reach * (rx + 0.12f) * MathF.Cos(angle);
                float y = center + (reach * (ry + 0.12f) * MathF.Sin(angle));
                SKColor tone = y > center ? Palette.Darken(leaf, 0.26f) : Palette.Lighten(leaf, 0.3f);
                shapeCanvas.DrawLine($"M{x - 0.17f} {y} q0.04 0.1 0.11 0.02 q0.05 0.1 0.12 0 q0.05 0.07 0.1 -0.03", tone, 0.04f);
            }
        });
        if (sampler.Random.NextBoolean(0.4f))
        {
            for (int i = 0; i < 5; i++)
            {
                float angle = (i + turn) * 2.4f;
                float reach = 0.25f + (0.13f * i);
                float x = reach * (rx + 0.15f) * MathF.Cos(angle);
                float y = center + (reach * (ry + 0.15f) * MathF.Sin(angle));
                shapeCanvas.FillShadedWithOutline(ShapeCanvas.OvalPath(x, y, 0.085f, 0.085f), shapeCanvas.Colors.Light);
            }
        }
    }
}
