using FocalSharp.Boxes;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>An image with its objects, as augmentation takes and gives it.</summary>
/// <param name="Image">The pixels; never changed in place.</param>
/// <param name="Boxes">Boxes <c>xyxy</c> in pixels of the image.</param>
/// <param name="Labels">0-based class indices, one a box.</param>
public sealed record TrainingSample(RgbImage Image, Box[] Boxes, int[] Labels)
{
    /// <summary>Number of objects.</summary>
    public int Count => Boxes.Length;
}
