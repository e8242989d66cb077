using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FocalSharp.Checkpoints.Ncnn;

/// <summary>Reads weights of layers one after the other from a <c>.bin</c> file. Sizes are compared with the rest of the file before anything is allocated.</summary>
/// <param name="bytes">The file.</param>
/// <param name="path">Its path, for messages.</param>
internal sealed class NcnnWeights(byte[] bytes, string path)
{
    private const uint Float16Tag = 0x01306B47;
    private const uint Int8Tag = 0x000D4B38;
    private const uint Float32Tag = 0x0002C056;
    private const int MaxChannels = 1 << 16;
    private const int MaxKernel = 31;

    private int _position;

    /// <summary>Reads the weights of the next convolution.</summary>
    public NcnnConvolution ReadConvolution(NcnnLayer layer)
    {
        int outputs = layer.GetCount(0, 0, MaxChannels);
        int kernel = layer.GetCount(1, 0, MaxKernel);
        int stride = layer.GetCount(3, 1, MaxKernel);
        int groups = layer.Type == "ConvolutionDepthWise" ? layer.GetCount(7, 1, MaxChannels) : 1;
        int count = layer.GetCount(6, 0, int.MaxValue);
        long perInput = (long)outputs * kernel * kernel;
        if (outputs < 1 || kernel < 1 || stride < 1 || groups < 1 || outputs % groups != 0 || count < 1 || count % perInput != 0)
        {
            throw Broken(layer, "its sizes are inconsistent");
        }

        if (layer.Get(11, kernel) != kernel || layer.Get(13, stride) != stride || layer.Get(2, 1) != 1 || layer.Get(12, 1) != 1
            || layer.Get(4, 0) != kernel / 2 || layer.Get(14, layer.Get(4, 0)) != kernel / 2)
        {
            throw Broken(layer, "only square kernels without dilation, padded by half of the kernel, are supported");
        }

        (float[] weight, bool quantized) = ReadTagged(layer, count);
        float[]? bias = layer.Get(5, 0) == 0 ? null : ReadFloats(layer, outputs);
        int int8 = layer.GetCount(8, 0, 1000);
        if (int8 != 0)
        {
            // Depthwise kinds 2 and 102 have one scale for all groups.
            bool single = layer.Type == "ConvolutionDepthWise" && int8 is 2 or 102;
            float[] scales = ReadFloats(layer, single ? 1 : layer.Type == "ConvolutionDepthWise" ? groups : outputs);
            ReadFloats(layer, int8 > 100 ? 2 : 1); // scales of activations
            if (quantized)
            {
                Dequantize(layer, weight, scales);
            }
        }
        else if (quantized)
        {
            throw Broken(layer, "its weights are 8-bit, but have no scales");
        }

        return new NcnnConvolution(layer, StateTensor.From(weight, outputs, count / perInput, kernel, kernel), bias, stride, groups);
    }

    /// <summary>Skips a constant.</summary>
    public void SkipMemoryData(NcnnLayer layer)
    {
        long count = 1;
        foreach (int key in (ReadOnlySpan<int>)[0, 1, 2, 11])
        {
            int size = layer.GetCount(key, 0, int.MaxValue);
            count = size == 0 ? count : size > 0 && count <= bytes.Length ? count * size : throw Broken(layer, "its sizes are inconsistent");
        }

        Take(layer, 4 * count);
    }

    /// <summary>Requires that nothing follows.</summary>
    public void RequireEnd()
    {
        if (_position != bytes.Length)
        {
            throw NcnnModel.Broken(path, string.Create(CultureInfo.InvariantCulture, $"{bytes.Length - _position} of its bytes belong to no layer"));
        }
    }

    private (float[] Values, bool Quantized) ReadTagged(NcnnLayer layer, int count)
    {
        uint tag = BinaryPrimitives.ReadUInt32LittleEndian(Take(layer, 4));
        switch (tag)
        {
            case 0 or Float32Tag:
                return (ReadFloats(layer, count), false);
            case Float16Tag:
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(Take(layer, Aligned(2L * count)))[..count];
                float[] values = new float[count];
                for (int i = 0; i < count; i++)
                {
                    values[i] = (float)halves[i];
                }

                return (values, false);
            case Int8Tag:
                ReadOnlySpan<sbyte> levels = MemoryMarshal.Cast<byte, sbyte>(Take(layer, Aligned(count)))[..count];
                float[] numbers = new float[count];
                for (int i = 0; i < count; i++)
                {
                    numbers[i] = levels[i];
                }

                return (numbers, true);
            default:
                throw Broken(layer, string.Create(CultureInfo.InvariantCulture, $"its weights have the unknown tag 0x{tag:x8}"));
        }
    }

    private void Dequantize(NcnnLayer layer, float[] weight, float[] scales)
    {
        int each = weight.Length / scales.Length;
        for (int i = 0; i < scales.Length; i++)
        {
            // A channel of zeros may have any scale.
            Span<float> row = weight.AsSpan(i * each, each);
            if (!row.ContainsAnyExcept(0f))
            {
                continue;
            }

            // Infinity stands for weights too small for a scale: they become 0.
            if (!(scales[i] > 0))
            {
                throw Broken(layer, "a scale of its 8-bit weights is not a positive number");
            }

            foreach (ref float value in row)
            {
                value /= scales[i];
            }
        }
    }

    private float[] ReadFloats(NcnnLayer layer, int count) => MemoryMarshal.Cast<byte, float>(Take(layer, 4L * count)).ToArray();

    private ReadOnlySpan<byte> Take(NcnnLayer layer, long length)
    {
        if (length > bytes.Length - _position)
        {
            throw Broken(layer, "the file ends within its weights");
        }

        ReadOnlySpan<byte> taken = bytes.AsSpan(_position, (int)length);
        _position += (int)length;
        return taken;
    }

    private static long Aligned(long length) => (length + 3) / 4 * 4;

    private ModelException Broken(NcnnLayer layer, string why) => NcnnModel.Broken(path, $"layer '{TextSanitizer.Sanitize(layer.Name)}': {why}");
}
