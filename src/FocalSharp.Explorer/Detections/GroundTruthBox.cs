using FocalSharp.Boxes;

namespace FocalSharp.Explorer.Detections;

/// <summary>An annotated object beside a model's detections.</summary>
/// <param name="Name">Its class.</param>
/// <param name="Label">The model's label of that class; −1 where the model does not know it.</param>
/// <param name="Box">Where it is, in pixels.</param>
/// <param name="IsCrowd">Whether it stands for a group.</param>
internal sealed record GroundTruthBox(string Name, int Label, Box Box, bool IsCrowd);
