using FocalSharp.Assignment;
using FocalSharp.Detections;

namespace FocalSharp.Training.Data;

/// <summary>One step's images, ready for the network.</summary>
/// <param name="Pixels">uint8 <c>[B, 3, Height, Width]</c>, RGB; padding is 0.</param>
/// <param name="Width">Width of the batch, a multiple of 32.</param>
/// <param name="Height">Height of the batch, a multiple of 32.</param>
/// <param name="Frames">Where each image lies.</param>
/// <param name="Targets">Each image's objects in pixels of the batch.</param>
/// <param name="Images">Each image's index in the data set, for messages.</param>
public sealed record TrainingBatch(
    byte[] Pixels, int Width, int Height, IReadOnlyList<ResizeTransform> Frames, IReadOnlyList<GroundTruth> Targets, IReadOnlyList<int> Images)
{
    /// <summary>Number of images.</summary>
    public int Count => Frames.Count;

    /// <summary>For each image the indices of all that it was composed of (mosaic, mix-up), the first its own.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Sources { get; init; } = [.. Images.Select(index => new[] { index })];
}
