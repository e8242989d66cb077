using FocalSharp.Boxes;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// Four samples that meet at a random point (YOLOv4, arXiv 2004.10934, section 3.4), each at a random scale and randomly flipped. Each is
/// drawn directly into its part of the canvas, so a mosaic costs about as much as one image.
/// </summary>
internal static class Mosaic
{
    /// <summary>Composes four samples.</summary>
    /// <param name="samples">Exactly four: top-left, top-right, bottom-left, bottom-right.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="height">Height of the result.</param>
    /// <param name="options">Scale range (of the whole canvas's letterbox), meeting point, flips, what to keep.</param>
    /// <param name="random">The sample's random numbers.</param>
    public static TrainingSample Compose(
        IReadOnlyList<TrainingSample> samples, int width, int height, AugmentationOptions options, ref AugmentationRandom random)
    {
        if (samples.Count != 4)
        {
            throw new ArgumentException($"A mosaic has four samples, got {samples.Count}.", nameof(samples));
        }

        int x = Math.Clamp((int)(width * random.Uniform(options.MosaicCenter.Low, options.MosaicCenter.High)), 0, width);
        int y = Math.Clamp((int)(height * random.Uniform(options.MosaicCenter.Low, options.MosaicCenter.High)), 0, height);
        PixelRegion canvas = new(0, 0, width, height);
        PixelRegion[] regions = [new(0, 0, x, y), new(x, 0, width - x, y), new(0, y, x, height - y), new(x, y, width - x, height - y)];
        RgbImage image = new(width, height);
        List<Box> boxes = [];
        List<int> labels = [];
        for (int i = 0; i < 4; i++)
        {
            RgbImage part = samples[i].Image;
            AffineTransform transform = RandomAffine.Sample(part.Width, part.Height, regions[i], canvas, options, ref random);
            AffineSampler.Warp(part, image, transform, options.Fill, regions[i]);
            BoxMapping.AddVisible(samples[i], transform, regions[i], options, boxes, labels);
        }

        return new(image, [.. boxes], [.. labels]);
    }
}
