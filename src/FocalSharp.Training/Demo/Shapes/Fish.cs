using SkiaSharp;

namespace FocalSharp.Training.Demo.Shapes;

/// <summary>A fish from the side.</summary>
internal sealed class Fish : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "fish";

    /// <inheritdoc/>
    public override float MaxTilt => 14;

    /// <inheritdoc/>
    public override void Draw(Sketch sketch, TraitSource traits)
    {
        Palette colors = sketch.Colors;
        float b = traits.Range(0.36f, 0.66f);
        float tail = traits.Range(0.34f, 0.54f);
        float fork = traits.Range(0.12f, 0.30f);
        float fin = traits.Range(0.18f, 0.34f);
        float snout = traits.Range(0.5f, 0.85f);
        SKColor fins = colors.Accent;

        sketch.Solid(
            $"""
            M-0.5 0 Q-0.75 {-tail * 0.5f} -1.02 {-tail} Q-0.95 {-tail * 0.4f} {-1.02f + fork} 0
            Q-0.95 {tail * 0.4f} -1.02 {tail} Q-0.75 {tail * 0.5f} -0.5 0 Z
            """, fins);
        sketch.Solid(
            $"""
            M0.4 {-b * 0.75f} Q0.1 {-b - (fin * 1.5f)} -0.42 {-b - (fin * 0.35f)} Q-0.3 {-b * 0.7f} -0.36 {-b * 0.4f} Z
            """, fins);
        sketch.Solid($"M0.15 {b * 0.75f} Q-0.1 {b + fin} -0.3 {b + (fin * 0.4f)} Q-0.2 {b * 0.7f} -0.22 {b * 0.5f} Z", fins);

        using SKPath body = Sketch.Path(
            $"""
            M1 0.03 C{snout} {-b * 1.25f} -0.1 {-b * 1.25f} -0.62 -0.07 Q-0.66 0 -0.62 0.07
            C-0.1 {b * 1.25f} {snout} {b * 1.2f} 1 0.03 Z
            """);
        sketch.Solid(body, colors.Main);
        bool striped = traits.Random.Chance(0.5f);
        float first = traits.Range(-0.42f, -0.3f);
        sketch.Within(body, () =>
        {
            sketch.Flat(
                $"""
                M-0.7 {b * 0.45f} Q0.2 {b * 0.25f} 1 {b * 0.4f} L1 {b * 1.4f} L-0.7 {b * 1.4f} Z
                """, colors.Light.WithAlpha(120));
            for (int i = 0; i < 3; i++)
            {
                float x = first + (i * 0.29f);
                if (striped)
                {
                    sketch.Line($"M{x} {-b * 1.2f} Q{x + 0.13f} 0 {x} {b * 1.2f}", fins, 0.11f);
                }
                else
                {
                    for (int k = -1; k <= 1; k++)
                    {
                        float y = (k * 0.22f) + (i % 2 * 0.1f) - 0.05f;
                        sketch.Line(
                            $"""
                            M{x} {y - 0.09f} Q{x - 0.12f} {y} {x} {y + 0.09f}
                            """, Palette.Darker(colors.Main, 0.32f), 0.03f);
                    }
                }
            }
        });
        sketch.Outline(body);
        sketch.Line($"M0.44 {-b * 0.55f} Q0.3 0 0.44 {b * 0.55f}", Palette.Darker(colors.Main, 0.4f), 0.035f);
        sketch.Solid($"M0.28 0.1 Q0.05 0.02 -0.08 0.22 Q0.06 0.3 0.28 0.2 Z", fins);
        float eye = traits.Range(0.085f, 0.12f);
        sketch.Solid(Sketch.Oval(0.66f, -b * 0.22f, eye, eye), colors.Light);
        sketch.Flat(Sketch.Oval(0.68f, -b * 0.22f, eye * 0.55f, eye * 0.55f), colors.Dark);
        sketch.Gloss(Sketch.Oval(0.66f, (-b * 0.22f) - (eye * 0.25f), eye * 0.2f, eye * 0.2f), 0.9f);
        sketch.Line($"M0.97 0.06 Q0.88 0.12 0.82 0.1", Palette.Darker(colors.Main, 0.55f), 0.035f);
        sketch.Gloss($"M-0.2 {-b * 0.68f} Q0.2 {-b * 0.95f} 0.5 {-b * 0.62f} Q0.2 {-b * 0.78f} -0.2 {-b * 0.68f} Z", 0.5f);
    }
}
