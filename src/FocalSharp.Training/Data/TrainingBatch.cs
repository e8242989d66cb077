using FocalSharp.Assignment;
using FocalSharp.Detections;

namespace FocalSharp.Training.Data;

/// <summary>A batch of training images.</summary>
/// <param name="Pixels">uint8 <c>[B, 3, Height, Width]</c>, RGB; padding is 0.</param>
/// <param name="Width">Width of the batch, a multiple of 32.</param>
/// <param name="Height">Height of the batch, a multiple of 32.</param>
/// <param name="Frames">The position of each image in the padded batch.</param>
/// <param name="Targets">Each image's objects in pixels of the batch.</param>
/// <param name="Images">The index of each image in the data set, for messages.</param>
internal sealed record TrainingBatch(
    byte[] Pixels, int Width, int Height, IReadOnlyList<ResizeTransform> Frames, IReadOnlyList<GroundTruth> Targets, IReadOnlyList<int> Images)
{
    /// <summary>Gets the number of images.</summary>
    public int Count => Frames.Count;

    /// <summary>Gets, for each image, the indices of the images that it was composed of (mosaic, mix-up); the first is its own.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Sources { get; init; } = [.. Images.Select(index => new[] { index })];

    /// <summary>Returns the batch with more padding at the right and at the bottom.</summary>
    /// <param name="width">The new width, at least the present one.</param>
    /// <param name="height">The new height, at least the present one.</param>
    public TrainingBatch PadTo(int width, int height)
    {
        if (width == Width && height == Height)
        {
            return this;
        }

        byte[] pixels = new byte[Count * 3 * width * height];
        for (int row = 0; row < Count * 3 * Height; row++)
        {
            int target = ((row / Height * height) + (row % Height)) * width;
            Pixels.AsSpan(row * Width, Width).CopyTo(pixels.AsSpan(target, Width));
        }

        return this with { Pixels = pixels, Width = width, Height = height };
    }
}
