using FocalSharp.Detections;

namespace FocalSharp.Imaging.Resizing;

/// <summary>
/// Fits an image into a canvas, keeping its aspect ratio, at the top left (the official pipeline pads right and bottom); the rest has one
/// color. Preprocessing sets padding to 0 after normalization, so the color does not affect the network.
/// </summary>
internal static class Letterbox
{
    /// <summary>Returns the position of an image in a canvas.</summary>
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
    /// <param name="fill">Color of the rest; null for black.</param>
    /// <param name="filter">The interpolation.</param>
    /// <returns>The canvas, and the position of the image in it.</returns>
    public static (RgbImage Canvas, ResizeTransform Frame) Apply(
        RgbImage image, int canvasWidth, int canvasHeight, RgbColor? fill = null, ResizeFilter filter = ResizeFilter.Bilinear)
    {
        RgbImage canvas = new(canvasWidth, canvasHeight);
        return (canvas, ResizeInto(image, canvas, fill, filter));
    }

    /// <summary>Fits an image into an existing canvas; every pixel is written.</summary>
    /// <param name="image">The image.</param>
    /// <param name="canvas">The canvas.</param>
    /// <param name="fill">Color of the rest; null for black.</param>
    /// <param name="filter">The interpolation.</param>
    /// <returns>The position of the image in the canvas.</returns>
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
