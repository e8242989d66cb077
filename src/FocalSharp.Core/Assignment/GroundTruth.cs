namespace FocalSharp.Assignment;

/// <summary>The objects of one training image, in pixels of the network's input.</summary>
/// <param name="Boxes">Boxes <c>xyxy</c>, four numbers per object.</param>
/// <param name="Labels">0-based class indices, one per object.</param>
/// <param name="Width">Width of the image within the batch tensor, without padding.</param>
/// <param name="Height">Height of the image within the batch tensor, without padding.</param>
public sealed record GroundTruth(float[] Boxes, int[] Labels, int Width, int Height)
{
    /// <summary>Gets the boxes <c>xyxy</c>, four numbers per object.</summary>
    public float[] Boxes { get; init; } = Boxes ?? throw new ArgumentNullException(nameof(Boxes));

    /// <summary>Gets the 0-based class indices, one per object.</summary>
    public int[] Labels { get; init; } = Labels ?? throw new ArgumentNullException(nameof(Labels));

    /// <summary>Gets the number of objects.</summary>
    public int Count => Labels.Length;

    /// <summary>
    /// Gets the boxes whose area is neither object nor background, <c>xyxy</c>, four numbers each; empty by default. Only assigners that
    /// support ignored regions read them (<see cref="AtssOptions.IgnoreIofThreshold"/>).
    /// </summary>
    public float[] IgnoredBoxes { get; init => field = value ?? throw new ArgumentNullException(nameof(IgnoredBoxes)); } = [];
}
