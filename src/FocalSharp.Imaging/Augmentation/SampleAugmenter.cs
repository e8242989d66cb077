using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>Creates the training samples of square-canvas recipes: a pure function of source samples, options and random numbers.</summary>
internal static class SampleAugmenter
{
    /// <summary>The pipeline, in order. Colors are drawn before objects are pasted and applied after, so that pasted objects change alike.</summary>
    private static readonly Step[] Pipeline = [ComposeSample, BlendMixUp, DrawColors, PasteObjects, ApplyColors, ApplyCustom];

    private delegate void Step(Context context, ref AugmentationRandom random);

    /// <summary>Augments a sample to exactly the requested size.</summary>
    /// <param name="source">
    /// Returns the decoded sample of an index. Called once for the sample, three more times for a mosaic, as many times again for mix-up, and
    /// once more for copy-paste.
    /// </param>
    /// <param name="index">The sample's index.</param>
    /// <param name="datasetCount">The number of samples that mosaic and mix-up draw from, at least 1.</param>
    /// <param name="width">The width of the result in pixels.</param>
    /// <param name="height">The height of the result in pixels.</param>
    /// <param name="options">Probabilities and ranges.</param>
    /// <param name="random">The sample's random numbers.</param>
    public static TrainingSample Apply(
        Func<int, TrainingSample> source,
        int index,
        int datasetCount,
        int width,
        int height,
        AugmentationOptions options,
        ref AugmentationRandom random)
    {
        Context context = new(source, index, datasetCount, width, height, options);
        foreach (Step step in Pipeline)
        {
            step(context, ref random);
        }

        return context.Sample;
    }

    /// <summary>Applies the custom augmentations of <see cref="AugmentationOptions.Custom"/>, in order.</summary>
    /// <param name="sample">The sample; its pixels may be changed in place.</param>
    /// <param name="options">The names.</param>
    /// <param name="random">The sample's random numbers.</param>
    /// <exception cref="OptionException">An augmentation is not registered, or its result has not one label for each box.</exception>
    internal static TrainingSample ApplyCustom(TrainingSample sample, AugmentationOptions options, ref AugmentationRandom random)
    {
        foreach (string name in options.Custom)
        {
            sample = AugmentationRegistry.Get(name).Apply(sample, ref random);
            OptionException.ThrowUnless(
                sample.Labels.Length == sample.Boxes.Length,
                $"augmentation.custom: '{name}' returned {sample.Boxes.Length} boxes and {sample.Labels.Length} labels; it must return one label for each box");
        }

        return sample;
    }

    private static void ComposeSample(Context context, ref AugmentationRandom random) => context.Sample = Compose(context, context.Index, ref random);

    private static void BlendMixUp(Context context, ref AugmentationRandom random)
    {
        AugmentationOptions options = context.Options;
        if (random.Chance(options.MixUp))
        {
            int other = random.NextInt(context.DatasetCount);
            double weight = random.Uniform(options.MixUpWeight.Low, options.MixUpWeight.High);
            context.Sample = MixUp.Blend(context.Sample, Compose(context, other, ref random), weight);
        }
    }

    private static void DrawColors(Context context, ref AugmentationRandom random) => context.Colors = PhotometricJitter.Sample(context.Options, ref random);

    // From here on the pixels belong to this call, so they can be changed in place.
    private static void PasteObjects(Context context, ref AugmentationRandom random)
    {
        if (random.Chance(context.Options.CopyPaste))
        {
            context.Sample = CopyPaste.Apply(context.Sample, context.Source(random.NextInt(context.DatasetCount)), context.Options, ref random);
        }
    }

    private static void ApplyColors(Context context, ref AugmentationRandom random) => context.Colors?.Apply(context.Sample.Image);

    private static void ApplyCustom(Context context, ref AugmentationRandom random) =>
        context.Sample = ApplyCustom(context.Sample, context.Options, ref random);

    /// <summary>
    /// Letterboxes (or stretches) a sample and flips it within its frame: the official pipeline's resize, flip and pad, pixel for pixel.
    /// </summary>
    internal static TrainingSample Fit(
        TrainingSample sample, int width, int height, AugmentationOptions options, bool mirrorX = false, bool mirrorY = false)
    {
        ResizeTransform frame = options.GetFitTransform(sample.Image.Width, sample.Image.Height, width, height);
        RgbImage canvas = new(width, height);
        if (options.Fit != ResizeMode.KeepRatio)
        {
            ResizeRule.Resize(options.Fit, sample.Image.View, canvas.Pixels, width * 3, width, height);
        }
        else
        {
            Letterbox.ResizeInto(sample.Image, canvas, options.Fill);
        }

        Flip.InPlace(canvas, frame.Width, frame.Height, mirrorX, mirrorY);
        AffineTransform transform = AffineTransform.Scale(frame.ScaleX, frame.ScaleY);
        transform = mirrorX ? transform.Then(AffineTransform.FlipHorizontal(frame.Width)) : transform;
        transform = mirrorY ? transform.Then(AffineTransform.FlipVertical(frame.Height)) : transform;
        return WithBoxes(canvas, sample, transform, new(0, 0, frame.Width, frame.Height), options);
    }

    private static TrainingSample Compose(Context context, int index, ref AugmentationRandom random)
    {
        (Func<int, TrainingSample> source, int count, int width, int height) = (context.Source, context.DatasetCount, context.Width, context.Height);
        AugmentationOptions options = context.Options;
        if (random.Chance(options.Mosaic))
        {
            TrainingSample[] four =
                [source(index), source(random.NextInt(count)), source(random.NextInt(count)), source(random.NextInt(count))];
            return Mosaic.Compose(four, width, height, options, ref random);
        }

        TrainingSample sample = source(index);
        if (random.Chance(options.Crop))
        {
            return Crop(sample, width, height, options, ref random);
        }

        if (random.Chance(options.Affine))
        {
            PixelRegion canvas = new(0, 0, width, height);
            AffineTransform transform = RandomAffine.Sample(sample.Image.Width, sample.Image.Height, canvas, canvas, options, ref random);
            RgbImage image = new(width, height);
            AffineSampler.Warp(sample.Image, image, transform, options.Fill);
            return WithBoxes(image, sample, transform, canvas, options);
        }

        bool mirrorX = random.Chance(options.HorizontalFlip);
        bool mirrorY = random.Chance(options.VerticalFlip);
        return Fit(sample, width, height, options, mirrorX, mirrorY);
    }

    private static TrainingSample Crop(TrainingSample sample, int width, int height, AugmentationOptions options, ref AugmentationRandom random)
    {
        PixelRegion crop = MinIouCrop.Sample(sample, ref random);
        ResizeTransform frame = options.GetFitTransform(crop.Width, crop.Height, width, height);
        AffineTransform transform = AffineTransform.Translate(-crop.X, -crop.Y).Then(AffineTransform.Scale(frame.ScaleX, frame.ScaleY));
        transform = random.Chance(options.HorizontalFlip) ? transform.Then(AffineTransform.FlipHorizontal(frame.Width)) : transform;
        transform = random.Chance(options.VerticalFlip) ? transform.Then(AffineTransform.FlipVertical(frame.Height)) : transform;

        RgbImage image = new(width, height);
        PixelRegion region = new(0, 0, frame.Width, frame.Height);
        PixelFill.All(image, options.Fill);
        AffineSampler.Warp(sample.Image, image, transform, options.Fill, region);
        return WithBoxes(image, MinIouCrop.FilterBoxesByCenter(sample, crop), transform, region, options with { MinVisibleArea = 0 });
    }

    private static TrainingSample WithBoxes(
        RgbImage image, TrainingSample sample, AffineTransform transform, PixelRegion region, AugmentationOptions options)
    {
        List<Box> boxes = new(sample.Count);
        List<int> labels = new(sample.Count);
        BoxMapping.AddVisible(sample, transform, region, options, boxes, labels);
        return new(image, [.. boxes], [.. labels]);
    }

    private sealed class Context(Func<int, TrainingSample> source, int index, int datasetCount, int width, int height, AugmentationOptions options)
    {
        public Func<int, TrainingSample> Source => source;

        public int Index => index;

        public int DatasetCount => datasetCount;

        public int Width => width;

        public int Height => height;

        public AugmentationOptions Options => options;

        public TrainingSample Sample { get; set; } = null!; // set by the first step

        public ColorTransform? Colors { get; set; }
    }
}
