using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Synthetic;

/// <summary>
/// Places objects in a scene from back to front, limits how much of each is hidden, and computes their annotations.
/// </summary>
internal sealed class SceneLayout(SceneOptions options, SceneRandom random)
{
    /// <summary>Minimum difference in pixels between the visible and the whole extent that counts as occlusion; less is rounding.</summary>
    private const int MinHiddenPixels = 2;
    private const int MaxAttempts = 30;

    private readonly List<SceneObject> _placed = [];
    private readonly List<bool[]> _hiddenMasks = [];
    private readonly List<int> _hiddenCounts = [];
    private readonly List<int> _pixelCounts = [];

    /// <summary>Gets the objects placed so far, from back to front.</summary>
    public IReadOnlyList<SceneObject> PlacedObjects => _placed;

    /// <summary>Places an object in front of the others, or leaves it out if no position is found.</summary>
    public void TryPlace(SceneObject item)
    {
        bool truncated = random.NextBoolean(options.TruncatedFraction);
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            (int outX, int outY) = truncated ? (item.Mask.Width / 4, item.Mask.Height / 4) : (0, 0);
            item.X = PickPosition(item.Mask.Left, item.Mask.Width, outX);
            item.Y = PickPosition(item.Mask.Top, item.Mask.Height, outY);
            if (BlursFit(item) && LeavesOthersVisible(item))
            {
                Place(item);
                return;
            }
        }
    }

    /// <summary>
    /// Returns the annotation of a placed object: its whole extent clipped to the image, and how far each side is blurred or hidden.
    /// </summary>
    public ObjectAnnotation Annotate(int index)
    {
        SceneObject item = _placed[index];
        int size = options.ImageSize;
        Box box = item.Extent.Translate(item.X, item.Y).Clip(size, size);
        SideValues hidden = ComputeHiddenSides(index);
        SideValues ambiguous = new(
            ComputeEdgeUncertainty(item.Extent.X1 + item.X < 0, item.BlurLengths.Left, hidden.Left),
            ComputeEdgeUncertainty(item.Extent.Y1 + item.Y < 0, item.BlurLengths.Top, hidden.Top),
            ComputeEdgeUncertainty(item.Extent.X2 + item.X > size, item.BlurLengths.Right, hidden.Right),
            ComputeEdgeUncertainty(item.Extent.Y2 + item.Y > size, item.BlurLengths.Bottom, hidden.Bottom));
        return new ObjectAnnotation { Label = item.Label, Box = box, Area = box.Area, Id = index + 1, SideBlur = ambiguous };
    }

    // The image border is a sharp edge, unless another object hides the object there.
    private static float ComputeEdgeUncertainty(bool beyond, float blur, float hidden) => beyond ? hidden : MathF.Max(blur, hidden);

    private int PickPosition(int maskStart, int maskLength, int outside)
    {
        int free = options.ImageSize - maskLength + (2 * outside);
        return random.NextInt32(Math.Max(free + 1, 1)) - outside - maskStart;
    }

    private bool LeavesOthersVisible(SceneObject item)
    {
        for (int i = 0; i < _placed.Count; i++)
        {
            if (ComputeHiddenFraction(i, item) > options.MaxHiddenFraction)
            {
                return false;
            }
        }

        return true;
    }

    private bool BlursFit(SceneObject item)
    {
        int size = options.ImageSize;
        return Fits(item.BlurLengths.Left, item.X + item.Mask.Left) && Fits(item.BlurLengths.Top, item.Y + item.Mask.Top)
            && Fits(item.BlurLengths.Right, size - item.X - item.Mask.Right) && Fits(item.BlurLengths.Bottom, size - item.Y - item.Mask.Bottom);

        static bool Fits(float blur, int room) => blur == 0 || room >= (blur / 2) + 1;
    }

    private void Place(SceneObject item)
    {
        for (int i = 0; i < _placed.Count; i++)
        {
            SceneObject other = _placed[i];
            foreach ((int x, int y) in GetNewlyHiddenPixels(i, item))
            {
                _hiddenMasks[i][(y * other.Layer.Width) + x] = true;
                _hiddenCounts[i]++;
            }
        }

        _placed.Add(item);
        _hiddenMasks.Add(new bool[item.Layer.Width * item.Layer.Height]);
        _hiddenCounts.Add(0);
        _pixelCounts.Add(GetMaskPixels(item).Count());
    }

    private float ComputeHiddenFraction(int index, SceneObject candidate)
        => _pixelCounts[index] == 0 ? 1 : (float)(_hiddenCounts[index] + GetNewlyHiddenPixels(index, candidate).Count()) / _pixelCounts[index];

    // The pixels on the layer of a placed object that a candidate would hide in addition.
    private IEnumerable<(int X, int Y)> GetNewlyHiddenPixels(int index, SceneObject candidate)
    {
        SceneObject item = _placed[index];
        int dx = item.X - candidate.X;
        int dy = item.Y - candidate.Y;
        int fromX = Math.Max(0, -dx);
        int toX = Math.Min(item.Layer.Width, candidate.Layer.Width - dx);
        for (int y = Math.Max(0, -dy); y < Math.Min(item.Layer.Height, candidate.Layer.Height - dy); y++)
        {
            for (int x = fromX; x < toX; x++)
            {
                if (item.Layer.GetAlpha(x, y) >= ObjectLayer.CoverageThreshold && candidate.Layer.GetAlpha(x + dx, y + dy) >= ObjectLayer.CoverageThreshold
                    && !_hiddenMasks[index][(y * item.Layer.Width) + x] && IsInsideImage(x + item.X, y + item.Y))
                {
                    yield return (x, y);
                }
            }
        }
    }

    // The pixels of an object's mask within the image, in coordinates of its layer.
    private IEnumerable<(int X, int Y)> GetMaskPixels(SceneObject item)
    {
        for (int y = Math.Max(0, -item.Y); y < Math.Min(item.Layer.Height, options.ImageSize - item.Y); y++)
        {
            for (int x = Math.Max(0, -item.X); x < Math.Min(item.Layer.Width, options.ImageSize - item.X); x++)
            {
                if (item.Layer.GetAlpha(x, y) >= ObjectLayer.CoverageThreshold)
                {
                    yield return (x, y);
                }
            }
        }
    }

    private SideValues ComputeHiddenSides(int index)
    {
        SceneObject item = _placed[index];
        if (_hiddenCounts[index] == 0)
        {
            return default;
        }

        (int Left, int Top, int Right, int Bottom) whole = (int.MaxValue, int.MaxValue, 0, 0);
        (int Left, int Top, int Right, int Bottom) visible = whole;
        foreach ((int x, int y) in GetMaskPixels(item))
        {
            Grow(ref whole, x, y);
            if (!_hiddenMasks[index][(y * item.Layer.Width) + x])
            {
                Grow(ref visible, x, y);
            }
        }

        return new SideValues(
            Amount(visible.Left - whole.Left),
            Amount(visible.Top - whole.Top),
            Amount(whole.Right - visible.Right),
            Amount(whole.Bottom - visible.Bottom));

        static void Grow(ref (int Left, int Top, int Right, int Bottom) bounds, int x, int y)
        {
            bounds.Left = Math.Min(bounds.Left, x);
            bounds.Top = Math.Min(bounds.Top, y);
            bounds.Right = Math.Max(bounds.Right, x + 1);
            bounds.Bottom = Math.Max(bounds.Bottom, y + 1);
        }

        static float Amount(int pixels) => pixels >= MinHiddenPixels ? pixels : 0;
    }

    private bool IsInsideImage(int x, int y) => (uint)x < (uint)options.ImageSize && (uint)y < (uint)options.ImageSize;
}
