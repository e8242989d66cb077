using FocalSharp.Torch.Modeling.Heads;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Simulation;

/// <summary>What a head might say of a batch.</summary>
internal static class SimulatedMaps
{
    /// <summary>Maps of an input whose sides are multiples of 32.</summary>
    /// <param name="images">Size of the batch.</param>
    /// <param name="width">Width of the input.</param>
    /// <param name="height">Height of the input.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="bias">Where class logits lie; the official head starts from −4.6.</param>
    /// <param name="spread">Their standard deviation.</param>
    /// <param name="regMax">Highest bin.</param>
    /// <param name="gradient">Whether gradients are asked for.</param>
    public static HeadOutput Create(
        int images, int width, int height, int classes, double bias = -4.6, double spread = 1, int regMax = 16, bool gradient = false)
    {
        manual_seed(1);
        List<Tensor> scores = [];
        List<Tensor> sides = [];
        foreach (int stride in new HeadOptions().Strides)
        {
            (int rows, int columns) = ((height + stride - 1) / stride, (width + stride - 1) / stride);
            scores.Add(((randn(images, classes, rows, columns) * spread) + bias).DetachFromDisposeScope().requires_grad_(gradient));
            sides.Add(randn(images, 4 * (regMax + 1), rows, columns).DetachFromDisposeScope().requires_grad_(gradient));
        }

        return new HeadOutput(scores, sides);
    }
}
