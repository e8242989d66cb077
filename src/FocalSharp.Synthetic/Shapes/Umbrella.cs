using System.Globalization;
using System.Text;
using SkiaSharp;

namespace FocalSharp.Synthetic.Shapes;

/// <summary>An open umbrella with a hooked handle.</summary>
internal sealed class Umbrella : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "umbrella";

    /// <inheritdoc/>
    public override float MaxTilt => 16;

    /// <inheritdoc/>
    public override void Draw(ShapeCanvas shapeCanvas, ShapeSampler sampler)
    {
        Palette colors = shapeCanvas.Colors;
        float top = -sampler.SampleRange(0.62f, 0.88f);
        float length = sampler.SampleRange(0.72f, 0.95f);
        float hook = sampler.SampleRange(0.13f, 0.19f);
        float scallop = sampler.SampleRange(0.08f, 0.17f);
        float thick = sampler.SampleRange(0.06f, 0.09f);
        int panels = 4 + sampler.Random.NextInt32(3);

        shapeCanvas.DrawTube(
            $"""
            M0 {top - 0.14f} L0 {length - hook} A{hook} {hook} 0 0 0 {hook * 2} {length - hook}
            """, Palette.Darken(colors.Accent, 0.2f), thick);
        StringBuilder edge = new();
        for (int i = panels; i > 0; i--)
        {
            float middle = DrawRib(i - 0.5f, panels);
            edge.Append(CultureInfo.InvariantCulture, $" Q{middle} {-scallop * 1.6f} {DrawRib(i - 1, panels)} 0");
        }

        using SKPath canopy = ShapeCanvas.ParsePath(
            $"""
            M-1 0 C-0.98 {top * 0.75f} -0.5 {top} 0 {top} C0.5 {top} 0.98 {top * 0.75f} 1 0{edge} Z
            """);
        shapeCanvas.FillShadedWithOutline(canopy, colors.Main);
        shapeCanvas.DrawClipped(canopy, () =>
        {
            for (int i = 0; i < panels; i++)
            {
                float x1 = DrawRib(i, panels);
                float x2 = DrawRib(i + 1, panels);
                if (i % 2 == 1)
                {
                    shapeCanvas.FillFlat(
                        $"""
                        M0 {top} Q{x1 * 0.95f} {top * 0.75f} {x1} 0.1 L{x2} 0.1 Q{x2 * 0.95f} {top * 0.75f} 0 {top} Z
                        """, colors.Accent);
                }

                shapeCanvas.DrawLine($"M0 {top} Q{x1 * 0.95f} {top * 0.75f} {x1} 0", Palette.Darken(colors.Main, 0.4f), 0.025f);
            }

            shapeCanvas.DrawHighlight(
                $"""
                M-0.78 {top * 0.3f} Q-0.62 {top * 0.82f} -0.15 {top * 0.93f} Q-0.5 {top * 0.72f} -0.62 {top * 0.28f} Z
                """, 0.4f);
            shapeCanvas.FillFlat(
                $"""
                M0.4 {top} Q1 {top * 0.7f} 1.1 0.2 L0.75 0.2 Q0.8 {top * 0.6f} 0.4 {top} Z
                """, SKColors.Black.WithAlpha(40));
        });
        shapeCanvas.DrawOutline(canopy);
    }

    // Ribs are closer together near the rim, as on a dome.
    private static float DrawRib(float i, int panels)
        => MathF.Sin(((2 * i / panels) - 1) * MathF.PI / 2 * 0.88f) / MathF.Sin(MathF.PI / 2 * 0.88f);
}
