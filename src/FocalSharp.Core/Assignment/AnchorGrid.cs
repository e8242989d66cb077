using FocalSharp.Boxes;

namespace FocalSharp.Assignment;

/// <summary>
/// All anchors of an input: one square per location, level after level, row-major. They are never stored, only computed: an
/// anchor's centre is <c>((x + offset)·s, (y + offset)·s)</c> and its side <c>scale·s</c> (official: offset 0, scale 8).
/// </summary>
public sealed class AnchorGrid
{
    /// <summary>What a batch image's size is rounded up to, to tell its own locations from padding (official: 32).</summary>
    public const int PadDivisor = 32;

    private readonly AnchorLevel[] _levels;

    private AnchorGrid(AnchorLevel[] levels, float scale, float centerOffset)
    {
        _levels = levels;
        Scale = scale;
        CenterOffset = centerOffset;
    }

    /// <summary>The levels, finest first.</summary>
    public ReadOnlySpan<AnchorLevel> Levels => _levels;

    /// <summary>Side of an anchor in strides.</summary>
    public float Scale { get; }

    /// <summary>Place of an anchor's centre within its cell, in strides.</summary>
    public float CenterOffset { get; }

    /// <summary>Number of anchors of all levels.</summary>
    public int Count => _levels.Length == 0 ? 0 : _levels[^1].Start + _levels[^1].Count;

    /// <summary>Number of anchors of all levels that belong to the image.</summary>
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

    /// <summary>Makes the anchors of feature maps whose every location belongs to the image.</summary>
    /// <param name="strides">Pixels between locations, per level.</param>
    /// <param name="sizes">Width and height of each level's feature map.</param>
    /// <param name="scale">Side of an anchor in strides (official octave base scale: 8).</param>
    /// <param name="centerOffset">0 puts centres at <c>x·s</c> (official), 0.5 at the cells' middles (NanoDet).</param>
    public static AnchorGrid Create(
        ReadOnlySpan<int> strides, ReadOnlySpan<(int Width, int Height)> sizes, double scale = 8, double centerOffset = 0)
    {
        if (strides.Length != sizes.Length)
        {
            throw new ArgumentException($"{strides.Length} strides for {sizes.Length} feature maps; give one a level.", nameof(strides));
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

            levels[i] = new AnchorLevel(strides[i], width, height, start, width, height);
            start = checked(start + levels[i].Count);
        }

        return new AnchorGrid(levels, (float)scale, (float)centerOffset);
    }

    /// <summary>
    /// The same anchors with those outside an image's own padded size marked as not its own: a location is valid where
    /// <c>x &lt; ceil(w / s)</c> and <c>y &lt; ceil(h / s)</c>, w and h being the image's size rounded up to <see cref="PadDivisor"/>.
    /// </summary>
    /// <param name="width">Width of the image within the batch, without padding.</param>
    /// <param name="height">Height of the image within the batch, without padding.</param>
    public AnchorGrid ForImage(int width, int height)
    {
        int paddedWidth = CeilingDivide(width, PadDivisor) * PadDivisor;
        int paddedHeight = CeilingDivide(height, PadDivisor) * PadDivisor;
        AnchorLevel[] levels = [.. _levels];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = levels[i] with
            {
                ValidWidth = Math.Min(CeilingDivide(paddedWidth, levels[i].Stride), levels[i].Width),
                ValidHeight = Math.Min(CeilingDivide(paddedHeight, levels[i].Stride), levels[i].Height),
            };
        }

        return new AnchorGrid(levels, Scale, CenterOffset);
    }

    /// <summary>The level that an anchor lies on.</summary>
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

    /// <summary>The centre of an anchor, in pixels.</summary>
    public (float X, float Y) Center(int anchor)
    {
        AnchorLevel level = _levels[LevelOf(anchor)];
        (int y, int x) = Math.DivRem(anchor - level.Start, level.Width);
        return (Coordinate(x, level.Stride), Coordinate(y, level.Stride));
    }

    /// <summary>The square of an anchor, in pixels.</summary>
    public Box Anchor(int anchor)
    {
        (float x, float y) = Center(anchor);
        float half = 0.5f * Scale * _levels[LevelOf(anchor)].Stride;
        return new Box(x - half, y - half, x + half, y + half);
    }

    /// <summary>The pixel coordinate of a column's or row's centre.</summary>
    internal float Coordinate(int cell, int stride) => (cell * (float)stride) + (CenterOffset * stride);

    private static int CeilingDivide(int value, int divisor) => (value + divisor - 1) / divisor;
}
