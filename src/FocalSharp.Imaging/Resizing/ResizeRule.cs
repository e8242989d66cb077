using FocalSharp.Detections;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Imaging.Resizing;

/// <summary>
/// Specifies how an image of any size becomes the network's input: resized to a longer side of at most <see cref="LongSide"/> and a shorter
/// side of at most <see cref="ShortSide"/>, and padded at right and bottom to multiples of <see cref="Divisor"/>; or stretched. The rule is
/// saved with the weights, so that training, evaluation and deployment use the same.
/// </summary>
public sealed record ResizeRule
{
    /// <summary>Gets whether the aspect ratio is kept (default, official) or the image is stretched (NanoDet; bicubic: PicoDet) or warped
    /// (NanoDet-Plus).</summary>
    public ResizeMode Mode { get; init; } = ResizeMode.KeepRatio;

    /// <summary>Gets the maximum of the longer side in pixels, or the width of a stretched image. Default 1333 (official).</summary>
    public int LongSide { get; init; } = 1333;

    /// <summary>Gets the maximum of the shorter side in pixels, or the height of a stretched image. Default 800 (official).</summary>
    public int ShortSide { get; init; } = 800;

    /// <summary>Gets the number that both sides are padded to a multiple of. Default 32 (official).</summary>
    public int Divisor { get; init; } = 32;

    /// <summary>
    /// Gets whether samples of more than 8 bits are stretched when an image is decoded, so that its lowest value becomes black and its highest
    /// white. Default false: 16-bit samples are reduced to their upper byte.
    /// </summary>
    public bool StretchRange { get; init; }

    /// <summary>Gets the side of the largest square that fits into the input without shrinking: the default size of a tile.</summary>
    public int NativeSide => Math.Min(LongSide, ShortSide);

    /// <summary>Returns decode options with what the rule requires.</summary>
    internal ImageDecodeOptions ApplyTo(ImageDecodeOptions options) => StretchRange && !options.StretchRange ? options with { StretchRange = true } : options;

    /// <summary>Returns the size that an image is resized to.</summary>
    /// <param name="width">The image's width in pixels, at least 1.</param>
    /// <param name="height">The image's height in pixels, at least 1.</param>
    public ImageSize GetSize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return IsStretched ? new ImageSize(LongSide, ShortSide) : KeepRatio.GetSize(width, height, (LongSide, ShortSide));
    }

    /// <summary>Gets whether images of any aspect ratio fill the input.</summary>
    internal bool IsStretched => Mode != ResizeMode.KeepRatio;

    /// <summary>Returns the size of the padded input.</summary>
    public ImageSize GetPaddedSize(int width, int height)
    {
        ImageSize size = GetSize(width, height);
        return new ImageSize(RoundUp(size.Width), RoundUp(size.Height));
    }

    /// <summary>Resizes an image and returns its position and scale.</summary>
    public (RgbImage Image, ResizeTransform Frame) Apply(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ImageSize size = GetSize(image.Width, image.Height);
        RgbImage resized = new(size.Width, size.Height);
        Resize(Mode, image.View, resized.Pixels, size.Width * 3, size.Width, size.Height);
        return (resized, GetTransform(image.Width, image.Height));
    }

    /// <summary>
    /// Resizes pixels directly into an image of a network's input, <c>[canvas height, canvas width, 3]</c>; the rest of it becomes 0.
    /// </summary>
    /// <param name="source">The pixels.</param>
    /// <param name="canvas">The memory of the input image; every byte is written.</param>
    /// <param name="size">The size of the input image, at least <see cref="GetSize"/>.</param>
    /// <returns>The position and scale of the pixels in it.</returns>
    internal ResizeTransform ResizeInto(PixelView source, Span<byte> canvas, ImageSize size)
    {
        ResizeTransform frame = GetTransform(source.Width, source.Height);
        int stride = size.Width * 3;
        if (frame.Width > size.Width || frame.Height > size.Height || canvas.Length != (long)stride * size.Height)
        {
            throw new ArgumentException(
                $"{frame.Width}x{frame.Height} pixels do not fit into {size} of {canvas.Length} bytes.", nameof(canvas));
        }

        Resize(Mode, source, canvas, stride, frame.Width, frame.Height);
        for (int y = 0; y < frame.Height && frame.Width < size.Width; y++)
        {
            canvas[((y * stride) + (frame.Width * 3))..((y + 1) * stride)].Clear();
        }

        canvas[(frame.Height * stride)..].Clear();
        return frame;
    }

    /// <summary>Returns the position and scale of an image in the input.</summary>
    public ResizeTransform GetTransform(int width, int height) => Letterbox.CreateTransform(width, height, GetSize(width, height));

    /// <summary>Resizes pixels into RGB memory by the interpolation of a mode.</summary>
    internal static void Resize(ResizeMode mode, PixelView source, Span<byte> target, int stride, int width, int height)
    {
        if (mode == ResizeMode.StretchBicubic)
        {
            BicubicResizer.Resize(source, target, stride, width, height);
        }
        else
        {
            BilinearResizer.Resize(source, target, stride, width, height, mode == ResizeMode.Warp);
        }
    }

    /// <summary>Rounds a size up to a multiple of <see cref="Divisor"/>.</summary>
    public int RoundUp(int size) => (size + Divisor - 1) / Divisor * Divisor;

    /// <summary>Returns the rule as metadata to save with weights, so that programs that load them resize images as in training.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() => ResizeRuleSerializer.ToMetadata(this);
}
