using FocalSharp.Detections;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>Random scale, position, flip, rotation and shear of an image on a canvas.</summary>
internal static class RandomAffine
{
    /// <summary>Draws the transform of an image on a canvas.</summary>
    /// <param name="width">Width of the image.</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="region">The part of the canvas to cover; scale 1 letterboxes the image into <paramref name="fit"/>, or stretches it.</param>
    /// <param name="fit">The canvas size that scale 1 refers to.</param>
    /// <param name="options">Ranges.</param>
    /// <param name="random">The sample's random numbers.</param>
    public static AffineTransform Sample(
        int width, int height, PixelRegion region, PixelRegion fit, AugmentationOptions options, ref AugmentationRandom random)
    {
        ResizeTransform frame = options.GetFitTransform(width, height, fit.Width, fit.Height);
        double scale = Math.Exp(random.Uniform(Math.Log(options.ScaleRange.Low), Math.Log(options.ScaleRange.High)));
        bool mirrorX = random.Chance(options.HorizontalFlip);
        bool mirrorY = random.Chance(options.VerticalFlip);
        double angle = random.Uniform(-options.Rotate, options.Rotate);
        double shearX = random.Uniform(-options.Shear, options.Shear);
        double shearY = random.Uniform(-options.Shear, options.Shear);

        // About the image's center, which is then moved to its position on the canvas.
        AffineTransform transform = AffineTransform.Translate(-width / 2.0, -height / 2.0)
            .Then(AffineTransform.Scale((mirrorX ? -1 : 1) * frame.ScaleX * scale, (mirrorY ? -1 : 1) * frame.ScaleY * scale))
            .Then(AffineTransform.Rotate(angle))
            .Then(AffineTransform.Shear(shearX, shearY));
        double x = SampleCenter(region.X, region.Width, width * frame.ScaleX * scale, options.Translate, ref random);
        double y = SampleCenter(region.Y, region.Height, height * frame.ScaleY * scale, options.Translate, ref random);
        return transform.Then(AffineTransform.Translate(x, y));
    }

    // The center's position on one axis: anywhere that keeps a small image inside or a large image covering, plus a shift.
    private static double SampleCenter(int start, int length, double size, double translate, ref AugmentationRandom random)
    {
        double slack = Math.Abs(length - size) / 2;
        return start + (length / 2.0) + random.Uniform(-slack, slack) + (random.Uniform(-translate, translate) * length);
    }
}
