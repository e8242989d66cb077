namespace FocalSharp.Checkpoints.Ncnn;

/// <summary>A convolution of an ncnn graph, with its weights in float32.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Weight"><c>[out, in / groups, kernel, kernel]</c>.</param>
/// <param name="Bias">One value per output channel, or null.</param>
/// <param name="Stride">Stride in both directions.</param>
/// <param name="Groups">Number of groups; the number of channels for a depthwise convolution.</param>
internal sealed record NcnnConvolution(NcnnLayer Layer, StateTensor Weight, float[]? Bias, int Stride, int Groups);
