namespace FocalSharp.Assignment;

/// <summary>The objects of one image as training sees them, in pixels of the network's input.</summary>
/// <param name="Boxes">Boxes <c>xyxy</c>, four numbers an object.</param>
/// <param name="Labels">0-based class indices, one an object.</param>
/// <param name="Width">Width of the image within the batch tensor, without padding.</param>
/// <param name="Height">Height of the image within the batch tensor, without padding.</param>
public sealed record GroundTruth(float[] Boxes, int[] Labels, int Width, int Height)
{
    /// <summary>Number of objects.</summary>
    public int Count => Labels.Length;
}
