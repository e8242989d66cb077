using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Synthetic.Shapes;
using SkiaSharp;

namespace FocalSharp.Synthetic;

/// <summary>One object drawn for a scene, not yet placed in it: its sheet, and the truth about its edges.</summary>
internal sealed class SceneObject
{
    private const int ProbeSide = 96;
    private const float ProbeScale = 24;

    /// <summary>A shorter smear than this, in pixels, is antialiasing.</summary>
    private const float MinBlurLength = 1.5f;

    private SceneObject(int label, ObjectLayer layer, SKRectI mask, SideValues blur, SideValues shift, ShapeSampler sampler)
    {
        Label = label;
        Layer = layer;
        Mask = mask;
        BlurLengths = blur;
        Extent = new Box(mask.Left + shift.Left, mask.Top + shift.Top, mask.Right + shift.Right, mask.Bottom + shift.Bottom);
        ShapeParameters = sampler.ShapeParameters;
        Hues = sampler.Hues;
    }

    /// <summary>0-based class.</summary>
    public int Label { get; }

    /// <summary>The object's pixels, smeared.</summary>
    public ObjectLayer Layer { get; }

    /// <summary>Tight box of the mask before any side was smeared, on the sheet.</summary>
    public SKRectI Mask { get; }

    /// <summary>Length of each side's smear in pixels, 0 where sharp.</summary>
    public SideValues BlurLengths { get; }

    /// <summary>
    /// The object's true extent on the sheet: the mask's, but within a smear drawn anew, so that no picture tells it.
    /// </summary>
    public Box Extent { get; }

    /// <summary>The shape parameters, mapped to [0, 1].</summary>
    public IReadOnlyList<float> ShapeParameters { get; }

    /// <summary>The hues, in turns.</summary>
    public IReadOnlyList<float> Hues { get; }

    /// <summary>Left of the sheet in the image.</summary>
    public int X { get; set; }

    /// <summary>Top of the sheet in the image.</summary>
    public int Y { get; set; }

    /// <summary>Draws a new object.</summary>
    public static SceneObject Draw(SceneOptions options, SceneRandom random, DatasetSplit split)
    {
        int label = random.NextInt32(DemoShape.All.Count);
        DemoShape shape = DemoShape.All[label];
        ShapeSampler sampler = new(random, split);
        using SKPicture picture = RecordPicture(shape, sampler);

        // Leaning to the large ones, which show the drawing, and whose smears are longer than the bins of their sides are wide.
        float exponent = MathF.Pow(random.NextSingle(), 0.3f);
        float part = options.MinObjectSize * MathF.Pow(options.MaxObjectSize / options.MinObjectSize, exponent);
        SKMatrix pose = SKMatrix.CreateRotationDegrees(random.NextSingleInRange(-shape.MaxTilt, shape.MaxTilt));
        if (random.NextBoolean(0.5f))
        {
            pose = pose.PreConcat(SKMatrix.CreateScale(-1, 1));
        }

        SKMatrix probe = SKMatrix.CreateTranslation(ProbeSide / 2, ProbeSide / 2)
            .PreConcat(SKMatrix.CreateScale(ProbeScale, ProbeScale)).PreConcat(pose);
        SKRectI found = ObjectLayer.Render(picture, ProbeSide, ProbeSide, probe).GetMaskBounds();
        float scale = part * options.ImageSize / Math.Max(found.Width, found.Height) * ProbeScale;
        float zoom = scale / ProbeScale;
        float width = found.Width * zoom;
        float height = found.Height * zoom;

        (SideValues lengths, SideValues shift) = DrawBlur(options, random, width, height);
        float longest = MathF.Max(MathF.Max(lengths.Left, lengths.Right), MathF.Max(lengths.Top, lengths.Bottom));
        float margin = 3 + (longest / 2) + (2 * zoom);
        float x = margin - ((found.Left - (ProbeSide / 2)) * zoom) + random.NextSingle();
        float y = margin - ((found.Top - (ProbeSide / 2)) * zoom) + random.NextSingle();
        SKMatrix matrix = SKMatrix.CreateTranslation(x, y).PreConcat(SKMatrix.CreateScale(scale, scale)).PreConcat(pose);
        ObjectLayer layer = ObjectLayer.Render(
            picture, (int)MathF.Ceiling(width + (2 * margin)) + 1, (int)MathF.Ceiling(height + (2 * margin)) + 1, matrix);
        SKRectI mask = layer.GetMaskBounds();
        ReadOnlySpan<int> edges = [mask.Left, mask.Top, mask.Right, mask.Bottom];
        for (int side = 0; side < 4; side++)
        {
            if (lengths[side] > 0)
            {
                EdgeBlur.Apply(layer, side, edges[side], lengths[side]);
            }
        }

        return new SceneObject(label, layer, mask, lengths, shift, sampler);
    }

    private static SKPicture RecordPicture(DemoShape shape, ShapeSampler sampler)
    {
        using SKPictureRecorder controller = new();
        SKCanvas canvas = controller.BeginRecording(new SKRect(-2, -2, 2, 2));
        Palette palette = Palette.Create(sampler);
        using ShapeCanvas shapeCanvas = new(canvas, palette, sampler.Random);
        shape.Draw(shapeCanvas, sampler);
        return controller.EndRecording();
    }

    private static (SideValues Lengths, SideValues Shift) DrawBlur(
        SceneOptions options, SceneRandom random, float width, float height)
    {
        Span<float> lengths = stackalloc float[4];
        Span<float> shifts = stackalloc float[4];
        int sides = random.NextWeightedIndex(options.BlurredSideProbabilities);
        for (int drawn = 0; drawn < sides;)
        {
            int side = random.NextInt32(4);
            if (lengths[side] == 0)
            {
                float extent = side is 0 or 2 ? width : height;
                lengths[side] = MathF.Max(random.NextSingleInRange(options.MinBlur, options.MaxBlur) * extent, MinBlurLength);
                shifts[side] = (random.NextSingle() - 0.5f) * lengths[side];
                drawn++;
            }
        }

        return (Values(lengths), Values(shifts));

        static SideValues Values(Span<float> sides) => new(sides[0], sides[1], sides[2], sides[3]);
    }
}
