using FocalSharp.Torch.Modeling.Layers;
using TorchSharp.Modules;

namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>A convolution's weights with the batch norm behind it multiplied in, by the running statistics.</summary>
/// <param name="Weight">Row-major <see cref="Shape"/>.</param>
/// <param name="Bias">One a channel, or null where there is none.</param>
/// <param name="Shape"><c>[out, in / groups, kernel, kernel]</c>.</param>
internal sealed record FoldedConv(float[] Weight, float[]? Bias, long[] Shape)
{
    /// <summary>Number of output channels.</summary>
    public int Outputs => (int)Shape[0];

    /// <summary>Folds; without a norm the weights are the layer's own.</summary>
    public static FoldedConv Create(ConvLayer layer, BatchNorm2d? norm)
    {
        float[] weight = OnnxLayers.ToFloatArray(layer.Weight);
        float[]? bias = layer.Bias is { } own ? OnnxLayers.ToFloatArray(own) : null;
        long[] shape = layer.Weight.shape;
        return norm is null ? new FoldedConv(weight, bias, shape) : Fold(weight, bias, shape, norm);
    }

    // y = γ·(w·x + b − μ)/√(σ² + ε) + β, in double so that one rounding remains.
    private static FoldedConv Fold(float[] weight, float[]? bias, long[] shape, BatchNorm2d norm)
    {
        float[] gamma = OnnxLayers.ToFloatArray(norm.weight!);
        float[] beta = OnnxLayers.ToFloatArray(norm.bias!);
        float[] mean = OnnxLayers.ToFloatArray(norm.running_mean!);
        float[] variance = OnnxLayers.ToFloatArray(norm.running_var!);
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
