using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Training.Recipes;

/// <summary>How images are resized to the network's input. Defaults: mmdetection's GFL, 1333x800.</summary>
public sealed record InputOptions
{
    /// <summary>Gets whether the aspect ratio is preserved (official), or the image is stretched (NanoDet) or warped (NanoDet-Plus) to the
    /// input.</summary>
    public ResizeMode Mode { get; init; } = ResizeMode.KeepRatio;

    /// <summary>Gets the maximum longer side in pixels (official: 1333).</summary>
    public int LongSide { get; init; } = 1333;

    /// <summary>Gets the maximum shorter side in pixels (official: 800).</summary>
    public int ShortSide { get; init; } = 800;

    /// <summary>
    /// Gets the sizes that training draws from: the range of the shorter side for the official rule, multiples of 32 for square canvases.
    /// Empty for one size (official 1x: empty).
    /// </summary>
    public IReadOnlyList<int> MultiScale { get; init; } = [];

    /// <summary>
    /// Gets whether training composes each sample on a square canvas of <see cref="ShortSide"/>, which affine and mosaic require, instead of the
    /// official resize and flip with images of different sizes (official: false).
    /// </summary>
    public bool SquareCanvas { get; init; }

    /// <summary>
    /// Gets whether samples of more than 8 bits are stretched, so that the image's lowest value becomes black and its highest white (default:
    /// false, 16-bit samples are reduced to their upper byte).
    /// </summary>
    public bool StretchRange { get; init; }

    /// <summary>Gets the resize rule of evaluation and deployment.</summary>
    public ResizeRule ResizeRule => new() { Mode = Mode, LongSide = LongSide, ShortSide = ShortSide, StretchRange = StretchRange };

    /// <summary>Returns the input with one size for both sides.</summary>
    /// <param name="size">The size in pixels.</param>
    public InputOptions WithSize(int size) => this with { LongSide = size, ShortSide = size };

    /// <summary>Returns the input with the largest of its training sizes only, which needs the most memory.</summary>
    internal InputOptions WithLargestScale() => MultiScale.Count == 0 ? this : this with { MultiScale = [MultiScale.Max()] };
}
