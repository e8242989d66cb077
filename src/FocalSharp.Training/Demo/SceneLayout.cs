using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Geometry;

namespace FocalSharp.Training.Demo;

/// <summary>Places objects in a scene from back to front, so that none is hidden too far, and measures what is left to see of each.</summary>
internal sealed class SceneLayout(SceneOptions options, SceneRandom random)
{
    /// <summary>Differences below this many pixels between the seen and the whole extent are rounding, not occlusion.</summary>
    private const int HiddenFrom = 2;
    private const int Tries = 30;

    private readonly List<SceneObject> _placed = [];
    private readonly List<bool[]> _hidden = [];

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
            if (SmearsFit(item) && _placed.TrueForAll(other => HiddenShare(other, item) <= options.MaxHidden))
            {
                Place(item);
                return;
            }
        }
    }

    /// <summary>The annotation of a placed object: its whole extent cut to the image, and how far each side is smeared or hidden.</summary>
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

    private bool SmearsFit(SceneObject item)
    {
        int size = options.ImageSize;
        return Fits(item.Blur.Left, item.X + item.Mask.Left) && Fits(item.Blur.Top, item.Y + item.Mask.Top)
            && Fits(item.Blur.Right, size - item.X - item.Mask.Right) && Fits(item.Blur.Bottom, size - item.Y - item.Mask.Bottom);

        static bool Fits(float blur, int room) => blur == 0 || room >= (blur / 2) + 1;
    }

    private void Place(SceneObject item)
    {
        foreach ((SceneObject other, bool[] hidden) in _placed.Zip(_hidden))
        {
            for (int y = 0; y < other.Layer.Height; y++)
            {
                for (int x = 0; x < other.Layer.Width; x++)
                {
                    hidden[(y * other.Layer.Width) + x] |= Covers(item, x + other.X, y + other.Y);
                }
            }
        }

        _placed.Add(item);
        _hidden.Add(new bool[item.Layer.Width * item.Layer.Height]);
    }

    private float HiddenShare(SceneObject other, SceneObject candidate)
    {
        bool[] hidden = _hidden[_placed.IndexOf(other)];
        int whole = 0;
        int gone = 0;
        for (int y = 0; y < other.Layer.Height; y++)
        {
            for (int x = 0; x < other.Layer.Width; x++)
            {
                if (other.Layer.Alpha(x, y) >= ObjectLayer.Covered && Inside(x + other.X, y + other.Y))
                {
                    whole++;
                    gone += hidden[(y * other.Layer.Width) + x] || Covers(candidate, x + other.X, y + other.Y) ? 1 : 0;
                }
            }
        }

        return whole == 0 ? 1 : (float)gone / whole;
    }

    private SideValues HiddenSides(int index)
    {
        SceneObject item = _placed[index];
        int side = options.ImageSize;
        (int left, int top, int right, int bottom) whole = (side, side, 0, 0);
        (int left, int top, int right, int bottom) seen = (side, side, 0, 0);
        for (int y = 0; y < item.Layer.Height; y++)
        {
            for (int x = 0; x < item.Layer.Width; x++)
            {
                if (item.Layer.Alpha(x, y) >= ObjectLayer.Covered && Inside(x + item.X, y + item.Y))
                {
                    Grow(ref whole, x + item.X, y + item.Y);
                    if (!_hidden[index][(y * item.Layer.Width) + x])
                    {
                        Grow(ref seen, x + item.X, y + item.Y);
                    }
                }
            }
        }

        return new SideValues(
            Amount(seen.left - whole.left), Amount(seen.top - whole.top), Amount(whole.right - seen.right), Amount(whole.bottom - seen.bottom));

        static void Grow(ref (int Left, int Top, int Right, int Bottom) bounds, int x, int y)
            => bounds = (Math.Min(bounds.Left, x), Math.Min(bounds.Top, y), Math.Max(bounds.Right, x + 1), Math.Max(bounds.Bottom, y + 1));

        static float Amount(int pixels) => pixels >= HiddenFrom ? pixels : 0;
    }

    private bool Inside(int x, int y) => (uint)x < (uint)options.ImageSize && (uint)y < (uint)options.ImageSize;

    private static bool Covers(SceneObject item, int x, int y)
    {
        int sheetX = x - item.X;
        int sheetY = y - item.Y;
        return (uint)sheetX < (uint)item.Layer.Width && (uint)sheetY < (uint)item.Layer.Height
            && item.Layer.Alpha(sheetX, sheetY) >= ObjectLayer.Covered;
    }
}
