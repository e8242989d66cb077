using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// The augmentation of training samples. Each augmentation can be switched off separately; <see cref="None"/> switches all of them off.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>Gets options without augmentation: only the letterbox, as in evaluation.</summary>
    public static AugmentationOptions None { get; } = new()
    {
        HorizontalFlip = 0,
        Affine = 0,
        Photometric = 0,
        Grayscale = 0,
        MinBoxSide = 0,
    };

    /// <summary>Gets the official GFL augmentation: letterbox, and a horizontal flip of half of the samples.</summary>
    public static AugmentationOptions ResizeAndFlip { get; } = None with { HorizontalFlip = 0.5 };

    /// <summary>Gets how an image of scale 1 fills the canvas; the same as in evaluation. Default: letterboxed, with its aspect ratio.</summary>
    public ResizeMode Fit { get; init; } = ResizeMode.KeepRatio;

    /// <summary>Gets the probability of a horizontal flip. Default: 0.5 (official recipe).</summary>
    public double HorizontalFlip { get; init; } = 0.5;

    /// <summary>Gets the probability of a vertical flip, for views from above. Default: 0.</summary>
    public double VerticalFlip { get; init; }

    /// <summary>Gets the probability of random scale, position, rotation and shear. Default: 1.</summary>
    public double Affine { get; init; } = 1;

    /// <summary>
    /// Gets the range of the factor on the letterboxed size, log-uniform. Above 1, a random part of the image fills the canvas; below 1, the
    /// image is at a random position in it. Default: 0.5 to 1.5.
    /// </summary>
    public (double Low, double High) ScaleRange { get; init; } = (0.5, 1.5);

    /// <summary>Gets the maximum additional shift as a fraction of the canvas, uniform. Default: 0.1.</summary>
    public double Translate { get; init; } = 0.1;

    /// <summary>Gets the maximum rotation in degrees in both directions, uniform. Boxes grow to contain their rotated corners. Default: 0.</summary>
    public double Rotate { get; init; }

    /// <summary>Gets the maximum shear in degrees in both directions and on both axes, uniform. Default: 0.</summary>
    public double Shear { get; init; }

    /// <summary>
    /// Gets the probability of a crop with a random minimum IoU to every box in it, instead of the affine transform (SSD, arXiv 1512.02325,
    /// section 2.2). Default: 0.
    /// </summary>
    public double Crop { get; init; }

    /// <summary>Gets the probability of color jitter. Default: 1.</summary>
    public double Photometric { get; init; } = 1;

    /// <summary>Gets the maximum shift of brightness as a fraction of full scale. Default: 0.125 (SSD's 32 of 255).</summary>
    public double Brightness { get; init; } = 0.125;

    /// <summary>Gets the maximum relative change of contrast about mid-gray. Default: 0.4.</summary>
    public double Contrast { get; init; } = 0.4;

    /// <summary>Gets the maximum relative change of saturation. Default: 0.5 (SSD).</summary>
    public double Saturation { get; init; } = 0.5;

    /// <summary>Gets the maximum shift of hue in degrees in both directions. Default: 10; SSD uses 18.</summary>
    public double Hue { get; init; } = 10;

    /// <summary>Gets the probability of a conversion to grayscale. Default: 0.02.</summary>
    public double Grayscale { get; init; } = 0.02;

    /// <summary>Gets the probability of a mosaic of four samples (YOLOv4, arXiv 2004.10934, section 3.4). Default: 0.</summary>
    public double Mosaic { get; init; }

    /// <summary>Where the four samples of a mosaic meet, as a fraction of either side, uniform. Default 0.3 to 0.7.</summary>
    public (double Low, double High) MosaicCenter { get; init; } = (0.3, 0.7);

    /// <summary>Gets the probability of blending with a second sample (arXiv 1902.04103). Default: 0.</summary>
    public double MixUp { get; init; }

    /// <summary>Gets the range of the weight of the first sample when blending, uniform. Default: 0.4 to 0.6.</summary>
    public (double Low, double High) MixUpWeight { get; init; } = (0.4, 0.6);

    /// <summary>
    /// Gets the probability of pasting objects of a second sample into free places (arXiv 1902.07296; 2012.07177 with masks). Default: 0.
    /// </summary>
    public double CopyPaste { get; init; }

    /// <summary>Gets the maximum number of objects pasted into a sample; the number is uniform from 1. Default: 3.</summary>
    public int CopyPasteMax { get; init; } = 3;

    /// <summary>Gets the visible fraction of its area below which a box is dropped. Default: 0.2.</summary>
    public double MinVisibleArea { get; init; } = 0.2;

    /// <summary>Gets the visible width or height in pixels below which a box is dropped. Default: 2.</summary>
    public double MinBoxSide { get; init; } = 2;

    /// <summary>
    /// Gets the color outside of images, before color jitter. Default: ImageNet's mean, which is 0 after normalization, like the padding.
    /// </summary>
    public RgbColor Fill { get; init; } = RgbColor.ImageNetMean;

    /// <summary>
    /// Gets the names of custom augmentations (<see cref="AugmentationRegistry"/>), applied in order after all others, in every epoch.
    /// Default: none.
    /// </summary>
    public IReadOnlyList<string> Custom { get; init; } = [];

    /// <summary>Returns the position of an image of scale 1 in a canvas.</summary>
    internal ResizeTransform GetFitTransform(int width, int height, int canvasWidth, int canvasHeight) => Fit != ResizeMode.KeepRatio
        ? Letterbox.CreateTransform(width, height, new(canvasWidth, canvasHeight))
        : Letterbox.GetTransform(width, height, canvasWidth, canvasHeight);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="OptionException">An option is out of its range, or a custom augmentation is not registered.</exception>
    public void Validate()
    {
        RequireProbability(HorizontalFlip, nameof(HorizontalFlip));
        RequireProbability(VerticalFlip, nameof(VerticalFlip));
        RequireProbability(Affine, nameof(Affine));
        RequireProbability(Crop, nameof(Crop));
        RequireProbability(Photometric, nameof(Photometric));
        RequireProbability(Grayscale, nameof(Grayscale));
        RequireProbability(Mosaic, nameof(Mosaic));
        RequireProbability(MixUp, nameof(MixUp));
        RequireProbability(CopyPaste, nameof(CopyPaste));
        RequireBetween(CopyPasteMax, 1, 100, nameof(CopyPasteMax));
        RequireProbability(MinVisibleArea, nameof(MinVisibleArea));
        RequireBetween(Translate, 0, 1, nameof(Translate));
        RequireBetween(Rotate, 0, 180, nameof(Rotate));
        RequireBetween(Shear, 0, 60, nameof(Shear));
        RequireBetween(Brightness, 0, 1, nameof(Brightness));
        RequireBetween(Contrast, 0, 1, nameof(Contrast));
        RequireBetween(Saturation, 0, 1, nameof(Saturation));
        RequireBetween(Hue, 0, 180, nameof(Hue));
        RequireBetween(MinBoxSide, 0, 1000, nameof(MinBoxSide));
        RequireRange(ScaleRange, 0.01, 100, nameof(ScaleRange));
        RequireRange(MosaicCenter, 0, 1, nameof(MosaicCenter));
        RequireRange(MixUpWeight, 0, 1, nameof(MixUpWeight));
        foreach (string name in Custom)
        {
            _ = AugmentationRegistry.Get(name);
        }
    }

    private static void RequireProbability(double value, string name) => RequireBetween(value, 0, 1, name);

    private static void RequireBetween(double value, double low, double high, string name)
    {
        OptionException.ThrowUnless(value >= low && value <= high, $"augmentation.{ToKey(name)} is {value}; it must be between {low} and {high}");
    }

    private static void RequireRange((double Low, double High) value, double low, double high, string name)
    {
        OptionException.ThrowUnless(
            value.Low >= low && value.High <= high && value.Low <= value.High,
            $"augmentation.{ToKey(name)} is {value.Low} to {value.High}; it must be a range from low to high between {low} and {high}");
    }

    private static string ToKey(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
