using FocalSharp.Boxes;

namespace FocalSharp.Detections.Tiling;

/// <summary>A detection in a tile, in pixels of the image.</summary>
/// <param name="Detection">The detection.</param>
/// <param name="CutSides">The sides at which the tile's border cuts the object off.</param>
internal readonly record struct TileDetection(Detection Detection, Sides CutSides)
{
    /// <summary>
    /// Combines the detections of an object in two neighboring tiles: each side comes from the part that contains it, or from the more certain part if both do.
    /// </summary>
    /// <param name="a">The left or upper part.</param>
    /// <param name="b">The right or lower part.</param>
    /// <param name="before">The side at which the first part is cut.</param>
    /// <param name="after">The side at which the second part is cut.</param>
    public static TileDetection Merge(TileDetection a, TileDetection b, Sides before, Sides after)
    {
        (Box first, Box second) = (a.Detection.Box, b.Detection.Box);
        Box box = new(
            Math.Min(first.X1, second.X1), Math.Min(first.Y1, second.Y1), Math.Max(first.X2, second.X2), Math.Max(first.Y2, second.Y2));
        bool across = before == Sides.Right;
        SideValues one = a.Detection.Deviation;
        SideValues other = b.Detection.Deviation;
        SideValues moreConfident = a.Detection.Score >= b.Detection.Score ? one : other;
        SideValues deviation = across
            ? new SideValues(one.Left, moreConfident.Top, other.Right, moreConfident.Bottom)
            : new SideValues(moreConfident.Left, one.Top, moreConfident.Right, other.Bottom);
        return new TileDetection(
            new Detection(box, a.Detection.Label, Math.Max(a.Detection.Score, b.Detection.Score), deviation), (a.CutSides & ~before) | (b.CutSides & ~after));
    }
}
