

namespace FocalSharp.Boxes;

/// <summary>
/// The paper's box code: a box seen from a point is its four distances to the sides, left, top, right, bottom (paper, fig. 5a).
/// </summary>
public static class BoxCoder
{
    /// <summary>The official gap below the highest bin: targets are at most <c>regMax − 0.1</c>, so that bin + 1 exists.</summary>
    public const float TargetMargin = 0.1f;

    /// <summary>The box whose sides lie at the given distances from a point.</summary>
    public static Box Decode(float x, float y, SideValues distance) =>
        new(x - distance.Left, y - distance.Top, x + distance.Right, y + distance.Bottom);

    /// <summary>The same, cut to an image of the given size.</summary>
    public static Box Decode(float x, float y, SideValues distance, float width, float height) =>
        Decode(x, y, distance).Clip(width, height);

    /// <summary>Signed distances from a point to the sides of a box; negative where the point lies outside.</summary>
    public static SideValues Encode(float x, float y, Box box) => new(x - box.X1, y - box.Y1, box.X2 - x, box.Y2 - y);

    /// <summary>The same, clamped to <c>[0, maxDistance − margin]</c> so that the distances can be targets of a distribution.</summary>
    public static SideValues Encode(float x, float y, Box box, float maxDistance, float margin = TargetMargin)
    {
        // The bound in double first: the official code subtracts Python numbers, then rounds once.
        float max = (float)(maxDistance - Math.Round((double)margin, 6));
        SideValues raw = Encode(x, y, box);
        return new(
            Math.Clamp(raw.Left, 0, max), Math.Clamp(raw.Top, 0, max), Math.Clamp(raw.Right, 0, max), Math.Clamp(raw.Bottom, 0, max));
    }
}
