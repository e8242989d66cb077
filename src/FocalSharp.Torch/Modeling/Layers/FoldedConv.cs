using FocalSharp.Torch.Onnx.Graph;
using TorchSharp.Modules;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>A convolution's weights with the batch norm after it folded in, using its running statistics.</summary>
/// <param name="Weight">Row-major <see cref="Shape"/>.</param>
/// <param name="Bias">One value per output channel, or null.</param>
/// <param name="Shape"><c>[out, in / groups, kernel, kernel]</c>.</param>
internal sealed record FoldedConv(float[] Weight, float[]? Bias, long[] Shape)
{
    /// <summary>Gets the number of output channels.</summary>
    public int Outputs => (int)Shape[0];

    /// <summary>Folds the norm, if any, into the layer's weights.</summary>
    public static FoldedConv Create(ConvLayer layer, BatchNorm2d? norm)
    {
        float[] weight = OnnxGraph.ReadValues(layer.Weight);
        float[]? bias = layer.Bias is { } own ? OnnxGraph.ReadValues(own) : null;
        long[] shape = layer.Weight.shape;
        return norm is null ? new FoldedConv(weight, bias, shape) : Fold(weight, bias, shape, norm);
    }

    // y = γ·(w·x + b − μ)/√(σ² + ε) + β, in double so that one rounding remains.
    private static FoldedConv Fold(float[] weight, float[]? bias, long[] shape, BatchNorm2d norm)
    {
        float[] gamma = OnnxGraph.ReadValues(norm.weight!);
        float[] beta = OnnxGraph.ReadValues(norm.bias!);
        float[] mean = OnnxGraph.ReadValues(norm.running_mean!);
        float[] variance = OnnxGraph.ReadValues(norm.running_var!);
        float[] shift = new float[gamma.Length];
        int each = weight.Length / gamma.Length;
        for (int channel = 0; channel < gamma.Length; channel++)
        {
            double factor = gamma[channel] / Math.Sqrt(variance[channel] + norm.eps);
            foreach (ref float value in weight.AsSpan(channel * each, each))
            {
                value = (float)(value * factor);
            }

            shift[channel] = (float)(beta[channel] + (((bias is null ? 0 : bias[channel]) - (double)mean[channel]) * factor));
        }

        return new FoldedConv(weight, shift, shape);
    }
}
