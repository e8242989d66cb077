using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Synthetic.Shapes;
using SkiaSharp;

namespace FocalSharp.Synthetic;

/// <summary>An object drawn on a layer of its own, with its ground truth, before and after it is placed in a scene.</summary>
internal sealed class SceneObject
{
    private const int ProbeSide = 96;
    private const float ProbeScale = 24;

    /// <summary>Minimum length of a blur in pixels; less is antialiasing.</summary>
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

    /// <summary>Gets the 0-based class.</summary>
    public int Label { get; }

    /// <summary>Gets the object's pixels, blurred.</summary>
    public ObjectLayer Layer { get; }

    /// <summary>Gets the tight box of the mask before blurring, on the layer.</summary>
    public SKRectI Mask { get; }

    /// <summary>Gets the length of each side's blur in pixels; 0 if sharp.</summary>
    public SideValues BlurLengths { get; }

    /// <summary>
    /// Gets the object's true extent on the layer: the mask's, but uniform within a blur, so that the image does not reveal it.
    /// </summary>
    public Box Extent { get; }

    /// <summary>Gets the shape parameters, each in [0, 1].</summary>
    public IReadOnlyList<float> ShapeParameters { get; }

    /// <summary>Gets the hues, in turns.</summary>
    public IReadOnlyList<float> Hues { get; }

    /// <summary>Gets or sets the left edge of the layer in the image.</summary>
    public int X { get; set; }

    /// <summary>Gets or sets the top edge of the layer in the image.</summary>
    public int Y { get; set; }

    /// <summary>Draws an object of a random class.</summary>
    public static SceneObject Draw(SceneOptions options, SceneRandom random, DatasetSplit split)
    {
        int label = random.NextInt32(DemoShape.All.Count);
        DemoShape shape = DemoShape.All[label];
        ShapeSampler sampler = new(random, split);
        using SKPicture picture = RecordPicture(shape, sampler);

        // Large objects are more frequent: their blurs are longer than a bin of the side distributions.
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
        using SKPictureRecorder recorder = new();
        SKCanvas canvas = recorder.BeginRecording(new SKRect(-2, -2, 2, 2));
        Palette palette = Palette.Create(sampler);
        using ShapeCanvas shapeCanvas = new(canvas, palette, sampler.Random);
        shape.Draw(shapeCanvas, sampler);
        return recorder.EndRecording();
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
