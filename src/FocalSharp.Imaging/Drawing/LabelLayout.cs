using SkiaSharp;

namespace FocalSharp.Imaging.Drawing;

/// <summary>Finds places for tags beside their boxes where they hide each other least.</summary>
internal sealed class LabelLayout(float width, float height)
{
    private readonly List<SKRect> _placed = [];

    /// <summary>Places a tag: above the box if it can, else inside, below or at the right end, always within the picture.</summary>
    public SKRect Place(SKRect box, float tagWidth, float tagHeight)
    {
        ReadOnlySpan<SKPoint> corners =
        [
            new(box.Left, box.Top - tagHeight), new(box.Right - tagWidth, box.Top - tagHeight), new(box.Left, box.Top),
            new(box.Left, box.Bottom), new(box.Right - tagWidth, box.Bottom), new(box.Left, box.Bottom - tagHeight),
            new(box.Right - tagWidth, box.Top),
        ];
        SKRect best = default;
        float min = float.PositiveInfinity;
        for (int i = 0; i < corners.Length; i++)
        {
            float x = Math.Clamp(corners[i].X, 0, Math.Max(0, width - tagWidth));
            float y = Math.Clamp(corners[i].Y, 0, Math.Max(0, height - tagHeight));
            SKRect tag = SKRect.Create(x, y, tagWidth, tagHeight);

            // Hiding another tag is worst, then having been pushed away from its corner, then being a later choice.
            float cost = (_placed.Sum(other => IntersectionArea(tag, other)) * 8) + ((Math.Abs(x - corners[i].X) + Math.Abs(y - corners[i].Y)) * tagHeight)
                + (i * 0.05f * tagWidth * tagHeight);
            if (cost < min)
            {
                (min, best) = (cost, tag);
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
