namespace FocalSharp.Torch.Onnx.Verification;

/// <summary>The largest differences over all locations of a batch.</summary>
/// <param name="Points">Number of locations of one image.</param>
/// <param name="Box">Largest difference of an edge or deviation, in pixels of the input.</param>
/// <param name="Score">Largest difference of a probability.</param>
internal sealed record OnnxDifference(int Points, double Box, double Score);
