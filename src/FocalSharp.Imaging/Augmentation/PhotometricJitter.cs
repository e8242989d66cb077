namespace FocalSharp.Imaging.Augmentation;

/// <summary>Random brightness, contrast, saturation, hue and grayscale.</summary>
internal static class PhotometricJitter
{
    /// <summary>Draws a color transform; null to leave the colors unchanged.</summary>
    /// <param name="options">Probabilities and ranges.</param>
    /// <param name="random">The sample's random numbers.</param>
    public static ColorTransform? Sample(AugmentationOptions options, ref AugmentationRandom random)
    {
        bool jitter = random.Chance(options.Photometric);
        bool gray = random.Chance(options.Grayscale);
        double brightness = random.Uniform(-options.Brightness, options.Brightness);
        double contrast = random.Uniform(1 - options.Contrast, 1 + options.Contrast);
        double saturation = random.Uniform(1 - options.Saturation, 1 + options.Saturation);
        double hue = random.Uniform(-options.Hue, options.Hue);
        if (!jitter && !gray)
        {
            return null;
        }

        ColorTransform transform = jitter
            ? ColorTransform.Saturation(saturation).Then(ColorTransform.Hue(hue))
                .Then(ColorTransform.Contrast(contrast)).Then(ColorTransform.Brightness(brightness))
            : ColorTransform.Identity;
        return gray ? transform.Then(ColorTransform.Saturation(0)) : transform;
    }
}
