using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>Makes the training sample that the network sees: a pure function of its source samples, options and random numbers.</summary>
public static class SampleAugmenter
{
    /// <summary>Augments one sample to exactly the size asked for.</summary>
    /// <param name="source">
    /// Gives the decoded sample of an index. Called once for the sample, and for three more in a mosaic, as many again for mix-up, and once
    /// more for copy-paste.
    /// </param>
    /// <param name="index">The sample's index.</param>
    /// <param name="datasetCount">Number of samples that mosaic and mix-up draw from, at least 1.</param>
    /// <param name="width">Width of the result in pixels.</param>
    /// <param name="height">Height of the result in pixels.</param>
    /// <param name="options">What to do.</param>
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
        TrainingSample sample = Compose(source, index, datasetCount, width, height, options, ref random);
        if (random.Chance(options.MixUp))
        {
            int other = random.NextInt(datasetCount);
            double weight = random.Uniform(options.MixUpWeight.Low, options.MixUpWeight.High);
            sample = MixUp.Blend(sample, Compose(source, other, datasetCount, width, height, options, ref random), weight);
        }

        // The pixels are this call's own by now, so they can be changed in place. What is pasted is coloured with the rest.
        ColorTransform? colors = PhotometricJitter.Sample(options, ref random);
        if (random.Chance(options.CopyPaste))
        {
            sample = CopyPaste.Apply(sample, source(random.NextInt(datasetCount)), options, ref random);
        }

        colors?.Apply(sample.Image);
        return sample;
    }

    /// <summary>
    /// Letterboxes (or stretches) a sample, mirroring it within its frame: the official pipeline's resize, flip and pad, pixel for pixel.
    /// </summary>
    public static TrainingSample Fit(
        TrainingSample sample, int width, int height, AugmentationOptions options, bool mirrorX = false, bool mirrorY = false)
    {
        ResizeTransform frame = options.GetFitTransform(sample.Image.Width, sample.Image.Height, width, height);
        RgbImage canvas = new(width, height);
        if (options.Fit == ResizeMode.Stretch)
        {
            BilinearResizer.Resize(sample.Image, canvas, width, height);
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

    private static TrainingSample Compose(
        Func<int, TrainingSample> source, int index, int count, int width, int height, AugmentationOptions options, ref AugmentationRandom random)
    {
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
}
