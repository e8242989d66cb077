using FocalSharp.Torch.Modeling.Heads;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Simulation;

/// <summary>Simulated head outputs of a batch.</summary>
internal static class SimulatedMaps
{
    /// <summary>Creates the maps of an input whose width and height are multiples of 32.</summary>
    /// <param name="images">Size of the batch.</param>
    /// <param name="width">Width of the input.</param>
    /// <param name="height">Height of the input.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="bias">Mean of the class logits; the official head starts at −4.6.</param>
    /// <param name="spread">Their standard deviation.</param>
    /// <param name="regMax">Highest bin.</param>
    /// <param name="gradient">Whether gradients are required.</param>
    public static HeadOutput Create(
        int images, int width, int height, int classes, double bias = -4.6, double spread = 1, int regMax = 16, bool gradient = false)
    {
        manual_seed(1);
        List<Tensor> scores = [];
        List<Tensor> sides = [];
        foreach (int stride in new GflHeadOptions().Strides)
        {
            (int rows, int columns) = ((height + stride - 1) / stride, (width + stride - 1) / stride);
            scores.Add(((randn(images, classes, rows, columns) * spread) + bias).DetachFromDisposeScope().requires_grad_(gradient));
            sides.Add(randn(images, 4 * (regMax + 1), rows, columns).DetachFromDisposeScope().requires_grad_(gradient));
        }

        return new HeadOutput(scores, sides);
    }
}
