

namespace FocalSharp.Boxes;

/// <summary>
/// The box encoding of the paper: a box relative to a point is given by its distances l, t, r, b to the left, top, right and bottom side (fig. 5a).
/// </summary>
internal static class BoxCoder
{
    /// <summary>The official gap below the last bin: targets are at most <c>regMax − 0.1</c>, so that bin + 1 exists.</summary>
    public const float TargetMargin = 0.1f;

    /// <summary>Returns the box whose sides are at the given distances from a point.</summary>
    public static Box Decode(float x, float y, SideValues distance) =>
        new(x - distance.Left, y - distance.Top, x + distance.Right, y + distance.Bottom);

    /// <summary>Returns the box whose sides are at the given distances from a point, clipped to an image of the given size.</summary>
    public static Box Decode(float x, float y, SideValues distance, float width, float height) =>
        Decode(x, y, distance).Clip(width, height);

    /// <summary>Returns the signed distances from a point to the sides of a box; negative if the point is outside.</summary>
    public static SideValues Encode(float x, float y, Box box) => new(x - box.X1, y - box.Y1, box.X2 - x, box.Y2 - y);

    /// <summary>Returns the distances clamped to <c>[0, maxDistance − margin]</c>, so that they can be targets of a distribution.</summary>
    public static SideValues Encode(float x, float y, Box box, float maxDistance, float margin = TargetMargin)
    {
        // The bound is computed in double precision first: the official code subtracts Python numbers, then rounds once.
        float max = (float)(maxDistance - Math.Round((double)margin, 6));
        SideValues raw = Encode(x, y, box);
        return new(
            Math.Clamp(raw.Left, 0, max), Math.Clamp(raw.Top, 0, max), Math.Clamp(raw.Right, 0, max), Math.Clamp(raw.Bottom, 0, max));
    }
}
