using FocalSharp.Detections;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Imaging.Resizing;

/// <summary>
/// How an image of any size becomes the network's input: keep its ratio, longer side at most <see cref="LongSide"/>, shorter side at most
/// <see cref="ShortSide"/>, padded at right and bottom to multiples of <see cref="Divisor"/>; or be stretched. It travels with the weights,
/// so that training, evaluation and deployment cannot differ.
/// </summary>
public sealed record ResizeRule
{
    /// <summary>Whether the ratio is kept (official), or the image stretched to the size (NanoDet).</summary>
    public ResizeMode Mode { get; init; } = ResizeMode.KeepRatio;

    /// <summary>The longer side is at most this (official: 1333); the width of a stretched image.</summary>
    public int LongSide { get; init; } = 1333;

    /// <summary>The shorter side is at most this (official: 800); the height of a stretched image.</summary>
    public int ShortSide { get; init; } = 800;

    /// <summary>Both sides are padded to a multiple of this (official: 32).</summary>
    public int Divisor { get; init; } = 32;

    /// <summary>Side of the largest square that becomes an input without being shrunk: that of a tile, where nobody says another.</summary>
    public int NativeSide => Math.Min(LongSide, ShortSide);

    /// <summary>The size that an image is resized to.</summary>
    public ImageSize GetSize(int width, int height) => Mode == ResizeMode.Stretch
        ? new ImageSize(LongSide, ShortSide)
        : KeepRatio.GetSize(width, height, (LongSide, ShortSide));

    /// <summary>The size of the input that holds the resized image.</summary>
    public ImageSize GetPaddedSize(int width, int height)
    {
        ImageSize size = GetSize(width, height);
        return new ImageSize(RoundUp(size.Width), RoundUp(size.Height));
    }

    /// <summary>Resizes an image; the frame tells where it came from.</summary>
    public (RgbImage Image, ResizeTransform Frame) Apply(RgbImage image)
    {
        ImageSize size = GetSize(image.Width, image.Height);
        RgbImage resized = new(size.Width, size.Height);
        BilinearResizer.Resize(image, resized, size.Width, size.Height);
        return (resized, GetTransform(image.Width, image.Height));
    }

    /// <summary>
    /// Resizes pixels straight into one picture of a network's input, <c>[canvas height, canvas width, 3]</c>; what they do not cover
    /// becomes 0.
    /// </summary>
    /// <param name="source">The pixels.</param>
    /// <param name="canvas">The picture's memory; every byte is written.</param>
    /// <param name="size">The picture's size, at least <see cref="GetSize"/>.</param>
    /// <returns>Where the pixels lie in it.</returns>
    public ResizeTransform ResizeInto(PixelView source, Span<byte> canvas, ImageSize size)
    {
        ResizeTransform frame = GetTransform(source.Width, source.Height);
        int stride = size.Width * 3;
        if (frame.Width > size.Width || frame.Height > size.Height || canvas.Length != (long)stride * size.Height)
        {
            throw new ArgumentException(
                $"{frame.Width}x{frame.Height} pixels do not go into {size} of {canvas.Length} bytes.", nameof(canvas));
        }

        BilinearResizer.Resize(source, canvas, stride, frame.Width, frame.Height);
        for (int y = 0; y < frame.Height && frame.Width < size.Width; y++)
        {
            canvas[((y * stride) + (frame.Width * 3))..((y + 1) * stride)].Clear();
        }

        canvas[(frame.Height * stride)..].Clear();
        return frame;
    }

    /// <summary>Where an image of the given size lies in the input.</summary>
    public ResizeTransform GetTransform(int width, int height) => Letterbox.CreateTransform(width, height, GetSize(width, height));

    /// <summary>The smallest multiple of <see cref="Divisor"/> that holds so many pixels.</summary>
    public int RoundUp(int size) => (size + Divisor - 1) / Divisor * Divisor;
}
