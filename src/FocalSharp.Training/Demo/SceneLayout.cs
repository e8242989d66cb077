using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Geometry;

namespace FocalSharp.Training.Demo;

/// <summary>
/// Places objects in a scene from back to front, so that none is hidden too far, and measures what is left to see of each.
/// </summary>
internal sealed class SceneLayout(SceneOptions options, SceneRandom random)
{
    /// <summary>Differences below this many pixels between the seen and the whole extent are rounding, not occlusion.</summary>
    private const int HiddenFrom = 2;
    private const int Tries = 30;

    private readonly List<SceneObject> _placed = [];
    private readonly List<bool[]> _hidden = [];
    private readonly List<int> _gone = [];
    private readonly List<int> _whole = [];

    /// <summary>The objects placed so far, back to front.</summary>
    public IReadOnlyList<SceneObject> Placed => _placed;

    /// <summary>Looks for a place for an object in front of those before it; without one the object is left out.</summary>
    public void TryPlace(SceneObject item)
    {
        bool truncated = random.Chance(options.TruncatedShare);
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            (int outX, int outY) = truncated ? (item.Mask.Width / 4, item.Mask.Height / 4) : (0, 0);
            item.X = Position(item.Mask.Left, item.Mask.Width, outX);
            item.Y = Position(item.Mask.Top, item.Mask.Height, outY);
            if (SmearsFit(item) && LeavesOthersInSight(item))
            {
                Place(item);
                return;
            }
        }
    }

    /// <summary>
    /// The annotation of a placed object: its whole extent cut to the image, and how far each side is smeared or hidden.
    /// </summary>
    public ObjectAnnotation Annotate(int index)
    {
        SceneObject item = _placed[index];
        int size = options.ImageSize;
        Box box = item.Extent.Translate(item.X, item.Y).Clip(size, size);
        SideValues hidden = HiddenSides(index);
        SideValues ambiguous = new(
            Cut(item.Extent.X1 + item.X < 0, item.Blur.Left, hidden.Left),
            Cut(item.Extent.Y1 + item.Y < 0, item.Blur.Top, hidden.Top),
            Cut(item.Extent.X2 + item.X > size, item.Blur.Right, hidden.Right),
            Cut(item.Extent.Y2 + item.Y > size, item.Blur.Bottom, hidden.Bottom));
        return new ObjectAnnotation { Label = item.Label, Box = box, Area = box.Area, Id = index + 1, SideBlur = ambiguous };
    }

    // The image's border is a sharp edge whatever lies beyond it, unless another object hides the way there.
    private static float Cut(bool beyond, float blur, float hidden) => beyond ? hidden : MathF.Max(blur, hidden);

    private int Position(int maskStart, int maskLength, int outside)
    {
        int free = options.ImageSize - maskLength + (2 * outside);
        return random.Below(Math.Max(free + 1, 1)) - outside - maskStart;
    }

    private bool LeavesOthersInSight(SceneObject item)
    {
        for (int i = 0; i < _placed.Count; i++)
        {
            if (HiddenShare(i, item) > options.MaxHidden)
            {
                return false;
            }
        }

        return true;
    }

    private bool SmearsFit(SceneObject item)
    {
        int size = options.ImageSize;
        return Fits(item.Blur.Left, item.X + item.Mask.Left) && Fits(item.Blur.Top, item.Y + item.Mask.Top)
            && Fits(item.Blur.Right, size - item.X - item.Mask.Right) && Fits(item.Blur.Bottom, size - item.Y - item.Mask.Bottom);

        static bool Fits(float blur, int room) => blur == 0 || room >= (blur / 2) + 1;
    }

    private void Place(SceneObject item)
    {
        for (int i = 0; i < _placed.Count; i++)
        {
            SceneObject other = _placed[i];
            foreach ((int x, int y) in NewlyHidden(i, item))
            {
                _hidden[i][(y * other.Layer.Width) + x] = true;
                _gone[i]++;
            }
        }

        _placed.Add(item);
        _hidden.Add(new bool[item.Layer.Width * item.Layer.Height]);
        _gone.Add(0);
        _whole.Add(Pixels(item).Count());
    }

    private float HiddenShare(int index, SceneObject candidate)
        => _whole[index] == 0 ? 1 : (float)(_gone[index] + NewlyHidden(index, candidate).Count()) / _whole[index];

    // Pixels on the sheet of a placed object that a candidate would hide beyond those hidden already.
    private IEnumerable<(int X, int Y)> NewlyHidden(int index, SceneObject candidate)
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
                if (item.Layer.Alpha(x, y) >= ObjectLayer.Covered && candidate.Layer.Alpha(x + dx, y + dy) >= ObjectLayer.Covered
                    && !_hidden[index][(y * item.Layer.Width) + x] && Inside(x + item.X, y + item.Y))
                {
                    yield return (x, y);
                }
            }
        }
    }

    // An object's mask within the image, in pixels of its sheet.
    private IEnumerable<(int X, int Y)> Pixels(SceneObject item)
    {
        for (int y = Math.Max(0, -item.Y); y < Math.Min(item.Layer.Height, options.ImageSize - item.Y); y++)
        {
            for (int x = Math.Max(0, -item.X); x < Math.Min(item.Layer.Width, options.ImageSize - item.X); x++)
            {
                if (item.Layer.Alpha(x, y) >= ObjectLayer.Covered)
                {
                    yield return (x, y);
                }
            }
        }
    }

    private SideValues HiddenSides(int index)
    {
        SceneObject item = _placed[index];
        if (_gone[index] == 0)
        {
            return default;
        }

        (int Left, int Top, int Right, int Bottom) whole = (int.MaxValue, int.MaxValue, 0, 0);
        (int Left, int Top, int Right, int Bottom) seen = whole;
        foreach ((int x, int y) in Pixels(item))
        {
            Grow(ref whole, x, y);
            if (!_hidden[index][(y * item.Layer.Width) + x])
            {
                Grow(ref seen, x, y);
            }
        }

        return new SideValues(
            Amount(seen.Left - whole.Left),
            Amount(seen.Top - whole.Top),
            Amount(whole.Right - seen.Right),
            Amount(whole.Bottom - seen.Bottom));

        static void Grow(ref (int Left, int Top, int Right, int Bottom) bounds, int x, int y)
        {
            bounds.Left = Math.Min(bounds.Left, x);
            bounds.Top = Math.Min(bounds.Top, y);
            bounds.Right = Math.Max(bounds.Right, x + 1);
            bounds.Bottom = Math.Max(bounds.Bottom, y + 1);
        }

        static float Amount(int pixels) => pixels >= HiddenFrom ? pixels : 0;
    }

    private bool Inside(int x, int y) => (uint)x < (uint)options.ImageSize && (uint)y < (uint)options.ImageSize;
}
