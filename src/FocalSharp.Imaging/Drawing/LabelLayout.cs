using SkiaSharp;

namespace FocalSharp.Imaging.Drawing;

/// <summary>Places labels beside their boxes so that they overlap least.</summary>
internal sealed class LabelLayout(float width, float height)
{
    private readonly List<SKRect> _placed = [];

    /// <summary>Places a label: preferably above the box, else inside, below or at the right end, always within the image.</summary>
    public SKRect Place(SKRect box, float labelWidth, float labelHeight)
    {
        ReadOnlySpan<SKPoint> corners =
        [
            new(box.Left, box.Top - labelHeight), new(box.Right - labelWidth, box.Top - labelHeight), new(box.Left, box.Top),
            new(box.Left, box.Bottom), new(box.Right - labelWidth, box.Bottom), new(box.Left, box.Bottom - labelHeight),
            new(box.Right - labelWidth, box.Top),
        ];
        SKRect best = default;
        float min = float.PositiveInfinity;
        for (int i = 0; i < corners.Length; i++)
        {
            float x = Math.Clamp(corners[i].X, 0, Math.Max(0, width - labelWidth));
            float y = Math.Clamp(corners[i].Y, 0, Math.Max(0, height - labelHeight));
            SKRect label = SKRect.Create(x, y, labelWidth, labelHeight);

            // Overlapping another label costs most, then being moved away from the corner, then being a later choice.
            float cost = (_placed.Sum(other => IntersectionArea(label, other)) * 8) + ((Math.Abs(x - corners[i].X) + Math.Abs(y - corners[i].Y)) * labelHeight)
                + (i * 0.05f * labelWidth * labelHeight);
            if (cost < min)
            {
                (min, best) = (cost, label);
            }
        }

        _placed.Add(best);
        return best;
    }

    private static float IntersectionArea(SKRect a, SKRect b)
    {
        float w = Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left);
        float h = Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top);
        return w > 0 && h > 0 ? w * h : 0;
    }
}
