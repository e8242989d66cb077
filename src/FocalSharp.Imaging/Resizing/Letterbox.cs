using FocalSharp.Detections;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Imaging.Resizing;

/// <summary>
/// Fits an image into a canvas, keeping its ratio, at the top-left as the official pipeline pads (right and bottom); the
/// rest takes one colour. The network's preprocessing sets padding to zero after normalising, so there the colour does not show.
/// </summary>
public static class Letterbox
{
    /// <summary>Where an image of a size lies in a canvas.</summary>
    /// <param name="width">Width of the image.</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="canvasWidth">Width of the canvas.</param>
    /// <param name="canvasHeight">Height of the canvas.</param>
    public static ResizeTransform GetTransform(int width, int height, int canvasWidth, int canvasHeight) =>
        CreateTransform(width, height, KeepRatio.Fit(width, height, canvasWidth, canvasHeight));

    /// <summary>Fits an image into a new canvas.</summary>
    /// <param name="image">The image.</param>
    /// <param name="canvasWidth">Width of the canvas.</param>
    /// <param name="canvasHeight">Height of the canvas.</param>
    /// <param name="fill">Colour of the rest; null takes black.</param>
    /// <param name="filter">How to interpolate.</param>
    /// <returns>The canvas and where the image lies in it.</returns>
    public static (RgbImage Canvas, ResizeTransform Frame) Apply(
        RgbImage image, int canvasWidth, int canvasHeight, RgbColor? fill = null, ResizeFilter filter = ResizeFilter.Bilinear)
    {
        RgbImage canvas = new(canvasWidth, canvasHeight);
        return (canvas, ResizeInto(image, canvas, fill, filter));
    }

    /// <summary>Fits an image into a canvas that the caller owns; every pixel of it is written.</summary>
    /// <param name="image">The image.</param>
    /// <param name="canvas">The canvas.</param>
    /// <param name="fill">Colour of the rest; null takes black.</param>
    /// <param name="filter">How to interpolate.</param>
    /// <returns>Where the image lies in the canvas.</returns>
    public static ResizeTransform ResizeInto(RgbImage image, RgbImage canvas, RgbColor? fill = null, ResizeFilter filter = ResizeFilter.Bilinear)
    {
        ResizeTransform frame = GetTransform(image.Width, image.Height, canvas.Width, canvas.Height);
        if (filter is ResizeFilter.Area)
        {
            AreaResizer.Resize(image, canvas, frame.Width, frame.Height);
        }
        else
        {
            BilinearResizer.Resize(image, canvas, frame.Width, frame.Height);
        }

        RgbColor color = fill ?? RgbColor.Black;
        PixelFill.Rectangle(canvas, frame.Width, 0, canvas.Width - frame.Width, frame.Height, color);
        PixelFill.Rectangle(canvas, 0, frame.Height, canvas.Width, canvas.Height - frame.Height, color);
        return frame;
    }

    internal static ResizeTransform CreateTransform(int width, int height, ImageSize size) =>
        new(size.Width, size.Height, (float)((double)size.Width / width), (float)((double)size.Height / height));
}
