namespace FocalSharp.Torch.Onnx.Verification;

/// <summary>The largest differences over all locations of a batch.</summary>
/// <param name="Points">Locations of one picture.</param>
/// <param name="Box">Of an edge's place or deviation, in pixels of the input.</param>
/// <param name="Score">Of a class's probability.</param>
public sealed record OnnxDifference(int Points, double Box, double Score);
