using FocalSharp.Boxes;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>An image with its objects, before or after augmentation.</summary>
/// <param name="Image">The pixels.</param>
/// <param name="Boxes">The boxes, <c>xyxy</c> in pixels of the image.</param>
/// <param name="Labels">0-based class indices, one per box.</param>
public sealed record TrainingSample(RgbImage Image, Box[] Boxes, int[] Labels)
{
    /// <summary>Gets the number of objects.</summary>
    public int Count => Boxes.Length;
}
