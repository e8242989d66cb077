using FocalSharp.Detections;

namespace FocalSharp.Imaging.Resizing;

/// <summary>Resizes an image to an exact size, without keeping its aspect ratio.</summary>
internal static class Stretch
{
    /// <summary>Resizes an image to a size.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="height">Height of the result.</param>
    /// <param name="filter">The interpolation.</param>
    /// <returns>The result and its scale factors.</returns>
    public static (RgbImage Canvas, ResizeTransform Frame) Apply(
        RgbImage image, int width, int height, ResizeFilter filter = ResizeFilter.Bilinear) =>
        (filter is ResizeFilter.Area ? AreaResizer.Resize(image, width, height) : BilinearResizer.Resize(image, width, height),
            Letterbox.CreateTransform(image.Width, image.Height, new(width, height)));
}
