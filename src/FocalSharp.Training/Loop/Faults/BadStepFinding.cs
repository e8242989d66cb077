using FocalSharp.Boxes;

namespace FocalSharp.Training.Loop.Faults;

/// <summary>One place that a fault was traced to.</summary>
/// <param name="Image">Position of the image in its batch.</param>
/// <param name="Component">The part of the loss.</param>
/// <param name="Stride">The level, by its stride.</param>
/// <param name="Value">What that part is for this image (and box) alone.</param>
/// <param name="BoxIndex">The object's position among the image's targets, or null where no single one is to blame.</param>
/// <param name="Box">The object's box in pixels of the batch.</param>
/// <param name="Label">The object's class.</param>
public sealed record BadStepFinding(
    int Image, LossComponent Component, int Stride, double Value, int? BoxIndex = null, Box? Box = null, int? Label = null);
