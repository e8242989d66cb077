using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>A key: a bow with a hole, a shaft, and teeth.</summary>
internal sealed class Key : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "key";

    /// <inheritdoc/>
    public override float MaxTilt => 16;

    /// <inheritdoc/>
    public override void Draw(ShapeCanvas shapeCanvas, ShapeSampler sampler)
    {
        Palette colors = shapeCanvas.Colors;
        float bow = sampler.SampleRange(0.44f, 0.58f);
        float hole = bow * sampler.SampleRange(0.42f, 0.56f);
        float shaft = sampler.SampleRange(0.1f, 0.15f);
        float tooth = sampler.SampleRange(0.28f, 0.42f);
        float width = sampler.SampleRange(0.11f, 0.15f);
        float squash = sampler.SampleRange(0.85f, 1.1f);
        int teeth = 2 + sampler.Random.NextInt32(2);
        const float center = -0.5f;

        using SKPathBuilder builder = new();
        if (sampler.Random.NextBoolean(0.35f))
        {
            foreach (float angle in (ReadOnlySpan<float>)[1.57f, 3.14f, 4.71f])
            {
                builder.AddCircle(center + (bow * 0.5f * MathF.Cos(angle)), bow * 0.58f * MathF.Sin(angle), bow * 0.52f);
            }

            builder.AddCircle(center, 0, bow * 0.5f);
            hole = bow * 0.3f;
        }
        else
        {
            builder.AddOval(new SKRect(center - (bow * squash), -bow, center + (bow * squash), bow));
        }

        builder.AddRoundRect(new SKRect(center + (bow * 0.6f), -shaft, 1, shaft), 0.04f, 0.04f);
        for (int i = 0; i < teeth; i++)
        {
            float x = 0.96f - (i * width * 1.7f);
            builder.AddRoundRect(new SKRect(x - width, 0, x, shaft + (tooth * (i % 2 == 0 ? 1 : 0.7f))), 0.02f, 0.02f);
        }

        float collar = center + (bow * squash) + 0.1f;
        builder.AddRoundRect(new SKRect(collar - 0.06f, -shaft * 1.75f, collar + 0.06f, shaft * 1.75f), 0.03f, 0.03f);
        using SKPath parts = builder.Detach();
        using SKPath solid = parts.Simplify() ?? throw new InvalidOperationException("The key's outline cannot be merged.");
        using SKPath opening = ShapeCanvas.ParsePath(ShapeCanvas.OvalPath(center - (bow * 0.08f), 0, hole * squash, hole));
        using SKPath key = solid.Op(opening, SKPathOp.Difference)
            ?? throw new InvalidOperationException("The key's hole cannot be cut.");
        shapeCanvas.FillShadedWithOutline(key, colors.Main);
        shapeCanvas.DrawClipped(key, () =>
        {
            shapeCanvas.DrawLine(
                $"""
                M{collar - 0.06f} -0.3 L{collar - 0.06f} 0.3 M{collar + 0.06f} -0.3 L{collar + 0.06f} 0.3
                """, Palette.Darken(colors.Main, 0.45f), 0.03f);
            shapeCanvas.DrawLine(
                $"""
                M{collar + 0.12f} {-shaft * 0.35f} L0.96 {-shaft * 0.35f}
                """, Palette.Lighten(colors.Main, 0.6f), shaft * 0.45f);
            shapeCanvas.DrawLine(
                $"""
                M{center - (bow * 0.75f * squash)} {-bow * 0.12f}
                Q{center - (bow * 0.6f)} {-bow * 0.72f} {center} {-bow * 0.8f}
                """, Palette.Lighten(colors.Main, 0.6f), 0.06f);
        });
        shapeCanvas.DrawOutline(key);
    }
}
