using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// What happens to a training sample. Every step can be switched off on its own; <see cref="None"/> switches off all.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>Nothing but the letterbox: what validation sees.</summary>
    public static AugmentationOptions None { get; } = new()
    {
        HorizontalFlip = 0,
        Affine = 0,
        Photometric = 0,
        Grayscale = 0,
        MinBoxSide = 0,
    };

    /// <summary>The official GFL recipe: letterbox, and a horizontal flip in half of the samples.</summary>
    public static AugmentationOptions ResizeAndFlip { get; } = None with { HorizontalFlip = 0.5 };

    /// <summary>How an image of scale 1 fills the canvas; to be the same as at evaluation. Default: letterboxed, its ratio kept.</summary>
    public ResizeMode Fit { get; init; } = ResizeMode.KeepRatio;

    /// <summary>Probability of mirroring left to right. Default 0.5 (official recipe).</summary>
    public double HorizontalFlip { get; init; } = 0.5;

    /// <summary>Probability of mirroring upside down, for views from above. Default 0.</summary>
    public double VerticalFlip { get; init; }

    /// <summary>Probability of random scale, place, turn and shear. Default 1.</summary>
    public double Affine { get; init; } = 1;

    /// <summary>
    /// Factor on the letterboxed size, log-uniform. Above 1 a random part of the image fills the canvas, below 1 the image lies at a
    /// random place in it. Default 0.5 to 1.5.
    /// </summary>
    public (double Low, double High) ScaleRange { get; init; } = (0.5, 1.5);

    /// <summary>Largest further shift, as a fraction of the canvas, uniform. Default 0.1.</summary>
    public double Translate { get; init; } = 0.1;

    /// <summary>Largest turn in degrees either way, uniform. Boxes grow to hold the turned corners. Default 0.</summary>
    public double Rotate { get; init; }

    /// <summary>Largest shear in degrees either way on both axes, uniform. Default 0.</summary>
    public double Shear { get; init; }

    /// <summary>
    /// Probability of a crop that keeps a randomly chosen least IoU with every box it keeps, in place of the affine step
    /// (SSD, arXiv 1512.02325, section 2.2). Default 0.
    /// </summary>
    public double Crop { get; init; }

    /// <summary>Probability of changing the colours. Default 1.</summary>
    public double Photometric { get; init; } = 1;

    /// <summary>Largest shift of brightness as a fraction of full scale. Default 0.125 (SSD's 32 of 255).</summary>
    public double Brightness { get; init; } = 0.125;

    /// <summary>Largest relative change of contrast about mid-grey. Default 0.4.</summary>
    public double Contrast { get; init; } = 0.4;

    /// <summary>Largest relative change of saturation. Default 0.5 (SSD).</summary>
    public double Saturation { get; init; } = 0.5;

    /// <summary>Largest turn of hue in degrees either way. Default 10; SSD turns by up to 18.</summary>
    public double Hue { get; init; } = 10;

    /// <summary>Probability of removing all colour. Default 0.02.</summary>
    public double Grayscale { get; init; } = 0.02;

    /// <summary>Probability of composing four samples into one (YOLOv4, arXiv 2004.10934, section 3.4). Default 0.</summary>
    public double Mosaic { get; init; }

    /// <summary>Where the four samples of a mosaic meet, as a fraction of either side, uniform. Default 0.3 to 0.7.</summary>
    public (double Low, double High) MosaicCenter { get; init; } = (0.3, 0.7);

    /// <summary>Probability of blending with a second sample (arXiv 1902.04103). Default 0.</summary>
    public double MixUp { get; init; }

    /// <summary>Weight of the first sample when blending, uniform. Default 0.4 to 0.6.</summary>
    public (double Low, double High) MixUpWeight { get; init; } = (0.4, 0.6);

    /// <summary>
    /// Probability of pasting objects of a second sample into free places (arXiv 1902.07296; 2012.07177 with masks). Default 0.
    /// </summary>
    public double CopyPaste { get; init; }

    /// <summary>Most objects that are pasted into one sample; between 1 and as many are, uniform. Default 3.</summary>
    public int CopyPasteMax { get; init; } = 3;

    /// <summary>A box is dropped when less than this part of its area stays visible. Default 0.2.</summary>
    public double MinVisibleArea { get; init; } = 0.2;

    /// <summary>A box is dropped when its visible width or height falls below this many pixels. Default 2.</summary>
    public double MinBoxSide { get; init; } = 2;

    /// <summary>
    /// Colour where no image reaches, before colours are changed. Default ImageNet's mean, which looks to the network like its
    /// padding.
    /// </summary>
    public RgbColor Fill { get; init; } = RgbColor.ImageNetMean;

    /// <summary>Where an image of scale 1 lies in a canvas.</summary>
    internal ResizeTransform GetFitTransform(int width, int height, int canvasWidth, int canvasHeight) => Fit == ResizeMode.Stretch
        ? Letterbox.CreateTransform(width, height, new(canvasWidth, canvasHeight))
        : Letterbox.GetTransform(width, height, canvasWidth, canvasHeight);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="FocalSharpException">A probability is outside [0, 1] or a range is reversed or impossible.</exception>
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
    }

    private static void RequireProbability(double value, string name) => RequireBetween(value, 0, 1, name);

    private static void RequireBetween(double value, double low, double high, string name)
    {
        if (!(value >= low && value <= high))
        {
            throw new FocalSharpException($"augmentation {name} is {value}; it must lie between {low} and {high}.");
        }
    }

    private static void RequireRange((double Low, double High) value, double low, double high, string name)
    {
        if (!(value.Low >= low && value.High <= high && value.Low <= value.High))
        {
            throw new FocalSharpException(
                $"augmentation {name} is {value.Low} to {value.High}; it must be a range from low to high within {low} and {high}.");
        }
    }
}
