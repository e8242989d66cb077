using SkiaSharp;

namespace FocalSharp.Training.Demo.Shapes;

/// <summary>A cat that sits and looks at you.</summary>
internal sealed class Cat : DemoShape
{
    /// <inheritdoc/>
    public override string Name => "cat";

    /// <inheritdoc/>
    public override void Draw(Sketch sketch, TraitSource traits)
    {
        Palette colors = sketch.Colors;
        float belly = traits.Range(0.46f, 0.62f);
        float headX = traits.Range(0.40f, 0.5f);
        float headY = traits.Range(0.33f, 0.4f);
        float ear = traits.Range(0.26f, 0.4f);
        float tail = traits.Range(0.0f, 0.6f);
        float tailThick = traits.Range(0.13f, 0.19f);
        float spread = traits.Range(0.18f, 0.23f);
        const float y = -0.42f;
        SKColor shade = Palette.Darker(colors.Main, 0.35f);

        sketch.Tube(
            $"""
            M{belly * 0.6f} 0.88 C{belly + 0.35f} 1 {belly + 0.5f} {0.5f - (tail * 0.3f)} {belly + 0.18f} {0.2f - tail}
            """, colors.Main, tailThick);
        sketch.Solid(
            $"""
            M-0.18 -0.2 C{-belly} 0.1 {-belly - 0.12f} 0.98 {-belly * 0.75f} 1 L{belly * 0.75f} 1
            C{belly + 0.12f} 0.98 {belly} 0.1 0.18 -0.2 Z
            """, colors.Main);
        sketch.Flat($"M0 0 C-0.3 0.1 -0.26 0.62 0 0.7 C0.26 0.62 0.3 0.1 0 0 Z", colors.Light.WithAlpha(190));
        sketch.Line(
            $"""
            M-0.12 0.5 L-0.13 0.85 M0.12 0.5 L0.13 0.85 M{-belly * 0.62f} 0.62 Q{-belly * 0.4f} 0.7 {-belly * 0.42f} 0.9
            M{belly * 0.62f} 0.62 Q{belly * 0.4f} 0.7 {belly * 0.42f} 0.9
            """, shade, 0.035f);
        sketch.Solid(Sketch.Oval(-0.17f, 0.94f, 0.16f, 0.09f), Palette.Lighter(colors.Main, 0.25f));
        sketch.Solid(Sketch.Oval(0.17f, 0.94f, 0.16f, 0.09f), Palette.Lighter(colors.Main, 0.25f));

        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float outer = side * headX * 0.96f;
            float inner = side * headX * 0.2f;
            float tip = side * headX * 0.88f;
            float crown = y - (headY * 0.8f);
            sketch.Solid($"M{outer} {y - (headY * 0.2f)} L{tip} {crown - ear} L{inner} {crown} Z", colors.Main);
            sketch.Flat(
                $"""
                M{outer * 0.88f} {y - (headY * 0.5f)} L{tip * 0.95f} {crown - (ear * 0.65f)} L{inner * 2} {crown + 0.02f} Z
                """, colors.Accent);
        }

        sketch.Solid(Sketch.Oval(0, y, headX, headY), colors.Main);
        if (traits.Random.Chance(0.5f))
        {
            sketch.Line(
                $"""
                M0 {y - (headY * 0.88f)} L0 {y - (headY * 0.55f)} M-0.11 {y - (headY * 0.84f)} L-0.09 {y - (headY * 0.6f)}
                M0.11 {y - (headY * 0.84f)} L0.09 {y - (headY * 0.6f)}
                """, shade, 0.045f);
        }

        sketch.Flat(Sketch.Oval(-0.075f, y + 0.14f, 0.11f, 0.085f), colors.Light.WithAlpha(200));
        sketch.Flat(Sketch.Oval(0.075f, y + 0.14f, 0.11f, 0.085f), colors.Light.WithAlpha(200));
        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float x = side * spread;
            sketch.Flat(
                $"""
                M{x - 0.1f} {y - 0.03f} Q{x} {y - 0.16f} {x + 0.1f} {y - 0.03f} Q{x} {y + 0.08f} {x - 0.1f} {y - 0.03f} Z
                """, colors.Light);
            sketch.Flat(Sketch.Oval(x, y - 0.04f, 0.04f, 0.065f), colors.Dark);
            sketch.Gloss(Sketch.Oval(x - 0.015f, y - 0.065f, 0.016f, 0.016f), 0.9f);
            sketch.Line(
                $"""
                M{side * 0.17f} {y + 0.13f} L{side * (headX - 0.06f)} {y + 0.1f} M{side * 0.17f} {y + 0.16f}
                L{side * (headX - 0.08f)} {y + 0.18f}
                """, colors.Dark, 0.016f);
        }

        sketch.Flat($"M-0.05 {y + 0.07f} L0.05 {y + 0.07f} L0 {y + 0.125f} Z", colors.Accent);
        sketch.Line(
            $"""
            M0 {y + 0.12f} Q-0.02 {y + 0.2f} -0.09 {y + 0.18f} M0 {y + 0.12f} Q0.02 {y + 0.2f} 0.09 {y + 0.18f}
            """, colors.Dark, 0.022f);
    }
}
