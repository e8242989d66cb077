using System.Numerics;
using System.Runtime.CompilerServices;

namespace FocalSharp.Torch.Modeling.Layers.Deformable;

/// <summary>
/// A point between four pixels: the first channel of each pixel in a channels-last map, −1 beyond the border, and the position between them.
/// A point that lies outside the map has no pixels.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal struct SamplePoint<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The pixels at the top left, top right, bottom left and bottom right.</summary>
    public long TopLeft, TopRight, BottomLeft, BottomRight;

    /// <summary>The distance from the top and left pixels, 0 to below 1.</summary>
    public T Y, X;

    /// <summary>The factor of the sample: the mask, or 1.</summary>
    public T Mask;

    /// <summary>
    /// Locates a point. It is outside unless −1 &lt; y &lt; height and −1 &lt; x &lt; width; points exactly at −1, which zero offsets at the padding give, are outside
    /// and have no gradient, as in mmcv.
    /// </summary>
    /// <param name="y">Position in pixels.</param>
    /// <param name="x">Position in pixels.</param>
    /// <param name="mask">Factor of the sample.</param>
    /// <param name="image">Index of the first pixel's first channel of the image.</param>
    /// <param name="shape">The sizes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SamplePoint<T> Locate(T y, T x, T mask, long image, DeformableShape shape)
    {
        (int height, int width) = shape.Map;
        SamplePoint<T> point = new() { TopLeft = -1, TopRight = -1, BottomLeft = -1, BottomRight = -1, Mask = mask };
        if (!(y > -T.One && x > -T.One && y < T.CreateTruncating(height) && x < T.CreateTruncating(width)))
        {
            return point;
        }

        (T floorY, T floorX) = (T.Floor(y), T.Floor(x));
        (int top, int left) = (int.CreateTruncating(floorY), int.CreateTruncating(floorX));
        (point.Y, point.X) = (y - floorY, x - floorX);
        long at = image + ((((long)top * width) + left) * shape.Channels);
        long below = at + ((long)width * shape.Channels);
        (bool hasTop, bool hasBottom, bool hasLeft, bool hasRight) = (top >= 0, top + 1 < height, left >= 0, left + 1 < width);
        point.TopLeft = hasTop && hasLeft ? at : -1;
        point.TopRight = hasTop && hasRight ? at + shape.Channels : -1;
        point.BottomLeft = hasBottom && hasLeft ? below : -1;
        point.BottomRight = hasBottom && hasRight ? below + shape.Channels : -1;
        return point;
    }
}
