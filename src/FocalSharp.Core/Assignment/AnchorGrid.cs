using FocalSharp.Boxes;

namespace FocalSharp.Assignment;

/// <summary>
/// The anchors of an input: one square per location, level by level, row-major. Anchors are computed, not stored: the center of
/// an anchor is <c>((x + offset)·s, (y + offset)·s)</c> and its side length <c>scale·s</c> (official: offset 0, scale 8).
/// </summary>
public sealed class AnchorGrid
{
    /// <summary>The multiple to which an image's size is rounded up before its locations are separated from padding (official: 32).</summary>
    public const int PadDivisor = 32;

    private readonly AnchorLevel[] _levels;

    private AnchorGrid(AnchorLevel[] levels, float scale, float centerOffset)
    {
        _levels = levels;
        Scale = scale;
        CenterOffset = centerOffset;
    }

    /// <summary>Gets the levels, finest first.</summary>
    public ReadOnlySpan<AnchorLevel> Levels => _levels;

    /// <summary>Gets the side length of an anchor in strides.</summary>
    public float Scale { get; }

    /// <summary>Gets the offset of an anchor's center within its cell, in strides.</summary>
    public float CenterOffset { get; }

    /// <summary>Gets the number of anchors of all levels.</summary>
    public int Count => _levels.Length == 0 ? 0 : _levels[^1].Start + _levels[^1].Count;

    /// <summary>Gets the number of anchors of all levels that belong to the image.</summary>
    public int ValidCount
    {
        get
        {
            int count = 0;
            foreach (AnchorLevel level in _levels)
            {
                count += level.ValidCount;
            }

            return count;
        }
    }

    /// <summary>Creates the anchors of feature maps; every location belongs to the image.</summary>
    /// <param name="strides">Pixels between neighboring locations, per level.</param>
    /// <param name="sizes">Width and height of each level's feature map.</param>
    /// <param name="scale">Side length of an anchor in strides (official octave base scale: 8).</param>
    /// <param name="centerOffset">0 puts centers at <c>x·s</c> (official), 0.5 at the middle of the cells (NanoDet).</param>
    /// <exception cref="ArgumentException">The numbers of strides and sizes differ, one of them is not positive, or the scale or offset is not finite.</exception>
    public static AnchorGrid Create(
        ReadOnlySpan<int> strides, ReadOnlySpan<(int Width, int Height)> sizes, double scale = 8, double centerOffset = 0)
    {
        if (strides.Length != sizes.Length)
        {
            throw new ArgumentException($"{strides.Length} strides for {sizes.Length} feature maps; give one per level.", nameof(strides));
        }

        if (!(scale > 0 && double.IsFinite(scale)))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The side of an anchor is a finite number of strides above 0.");
        }

        if (!double.IsFinite(centerOffset))
        {
            throw new ArgumentOutOfRangeException(nameof(centerOffset), centerOffset, "The offset of a center is a finite number of strides.");
        }

        AnchorLevel[] levels = new AnchorLevel[sizes.Length];
        int start = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            (int width, int height) = sizes[i];
            if (strides[i] <= 0 || width <= 0 || height <= 0)
            {
                throw new ArgumentException($"Level {i} has stride {strides[i]} and size {width}x{height}; all must be positive.", nameof(sizes));
            }

            if (start + ((long)width * height) > int.MaxValue)
            {
                throw new ArgumentException($"Level {i} has size {width}x{height}; at most {int.MaxValue} anchors of all levels are possible.", nameof(sizes));
            }

            levels[i] = new AnchorLevel(strides[i], width, height, start, width, height);
            start += levels[i].Count;
        }

        return new AnchorGrid(levels, (float)scale, (float)centerOffset);
    }

    /// <summary>
    /// Returns the same anchors with those in the padding of a batch marked as invalid: a location is valid where
    /// <c>x &lt; ceil(w / s)</c> and <c>y &lt; ceil(h / s)</c>, where w and h are the image's size rounded up to <see cref="PadDivisor"/>.
    /// </summary>
    /// <param name="width">Width of the image within the batch, without padding.</param>
    /// <param name="height">Height of the image within the batch, without padding.</param>
    public AnchorGrid ForImage(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        long paddedWidth = CeilingDivide(width, PadDivisor) * PadDivisor;
        long paddedHeight = CeilingDivide(height, PadDivisor) * PadDivisor;
        AnchorLevel[] levels = [.. _levels];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = levels[i] with
            {
                ValidWidth = (int)Math.Min(CeilingDivide(paddedWidth, levels[i].Stride), levels[i].Width),
                ValidHeight = (int)Math.Min(CeilingDivide(paddedHeight, levels[i].Stride), levels[i].Height),
            };
        }

        return new AnchorGrid(levels, Scale, CenterOffset);
    }

    /// <summary>Returns the index of the level that contains an anchor.</summary>
    /// <param name="anchor">Index of the anchor.</param>
    public int LevelOf(int anchor)
    {
        for (int i = _levels.Length - 1; i >= 0; i--)
        {
            if (anchor >= _levels[i].Start && anchor < _levels[i].Start + _levels[i].Count)
            {
                return i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(anchor), anchor, $"There are {Count} anchors.");
    }

    /// <summary>Returns the center of an anchor, in pixels.</summary>
    /// <param name="anchor">Index of the anchor.</param>
    public (float X, float Y) Center(int anchor)
    {
        AnchorLevel level = _levels[LevelOf(anchor)];
        (int y, int x) = Math.DivRem(anchor - level.Start, level.Width);
        return (Coordinate(x, level.Stride), Coordinate(y, level.Stride));
    }

    /// <summary>Returns the square of an anchor, in pixels.</summary>
    /// <param name="anchor">Index of the anchor.</param>
    public Box Anchor(int anchor)
    {
        (float x, float y) = Center(anchor);
        float half = 0.5f * Scale * _levels[LevelOf(anchor)].Stride;
        return new Box(x - half, y - half, x + half, y + half);
    }

    /// <summary>Returns the pixel coordinate of the center of a column or row.</summary>
    internal float Coordinate(int cell, int stride) => (cell * (float)stride) + (CenterOffset * stride);

    private static long CeilingDivide(long value, int divisor) => (value + divisor - 1) / divisor;
}
