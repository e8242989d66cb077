namespace FocalSharp.Torch.Onnx.Quantization;

/// <summary>A convolution's weights in 8 bits, symmetric around 0, with a scale per output channel.</summary>
/// <param name="Values">Weights over scale, −127 to 127.</param>
/// <param name="Scales">One per output channel.</param>
/// <param name="Bias">Bias over (input scale · weight scale), or null.</param>
internal sealed record QuantizedWeights(sbyte[] Values, float[] Scales, int[]? Bias)
{
    private const int MaxValue = sbyte.MaxValue;

    // The bias has 32 bits; a channel of tiny weights gets a coarser scale to avoid overflow.
    private const double MaxBias = 1 << 30;

    /// <summary>Quantizes weights.</summary>
    /// <param name="weight">Weights, output channel first.</param>
    /// <param name="bias">One per channel, or empty.</param>
    /// <param name="channels">Number of output channels.</param>
    /// <param name="inputScale">Scale of the input.</param>
    public static QuantizedWeights Quantize(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int channels, float inputScale)
    {
        sbyte[] values = new sbyte[weight.Length];
        float[] scales = new float[channels];
        int[]? shifts = bias.IsEmpty ? null : new int[channels];
        int each = weight.Length / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<float> kernel = weight.Slice(channel * each, each);
            double largest = 0;
            foreach (float value in kernel)
            {
                largest = Math.Max(largest, Math.Abs(value));
            }

            double shift = bias.IsEmpty ? 0 : bias[channel];
            float scale = (float)Math.Max(Math.Max(largest / MaxValue, Math.Abs(shift) / (inputScale * MaxBias)), 1e-12);
            scales[channel] = scale;
            for (int i = 0; i < each; i++)
            {
                values[(channel * each) + i] = (sbyte)Math.Clamp(Math.Round(kernel[i] / (double)scale), -MaxValue, MaxValue);
            }

            if (shifts is not null)
            {
                shifts[channel] = (int)Math.Round(shift / ((double)inputScale * scale));
            }
        }

        return new QuantizedWeights(values, scales, shifts);
    }
}
