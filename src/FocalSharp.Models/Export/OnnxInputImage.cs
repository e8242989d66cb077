using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Models.Export;

/// <summary>A picture as an exported file takes it: resized by the model's rule, padded at right and bottom.</summary>
/// <param name="Pixels">uint8 <c>[1, height, width, 3]</c>.</param>
/// <param name="Frame">Where the content lies and how it was scaled.</param>
/// <param name="Height">Height with padding.</param>
/// <param name="Width">Width with padding.</param>
internal sealed record OnnxInputImage(byte[] Pixels, ResizeTransform Frame, int Height, int Width)
{
    public static OnnxInputImage Create(RgbImage image, ResizeRule rule)
    {
        ImageSize size = rule.GetPaddedSize(image.Width, image.Height);
        ResizeTransform frame = rule.GetTransform(image.Width, image.Height);
        RgbImage canvas = new(size.Width, size.Height);
        BilinearResizer.Resize(image, canvas, frame.Width, frame.Height);
        return new OnnxInputImage(canvas.Pixels, frame, size.Height, size.Width);
    }
}
