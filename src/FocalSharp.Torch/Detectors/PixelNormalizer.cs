using System.Runtime.CompilerServices;
using FocalSharp.Detections;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// Converts bytes to the network's input in one pass: normalized, rounded to bfloat16, channels-last, 0 in the padding.
/// </summary>
internal static class PixelNormalizer
{
    /// <summary>Normalizes a batch.</summary>
    /// <param name="pixels">uint8 <c>[B, 3, height, width]</c>, RGB.</param>
    /// <param name="height">Height of the batch.</param>
    /// <param name="width">Width of the batch.</param>
    /// <param name="frames">Resize transform of each image.</param>
    /// <param name="mean">Mean per channel.</param>
    /// <param name="std">Standard deviation per channel.</param>
    public static Tensor Normalize(byte[] pixels, int height, int width, IReadOnlyList<ResizeTransform> frames, IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        Tensor result = ChannelsLast.Empty(frames.Count, 3, height, width);
        NativeBFloat16 target = new(result);
        ushort[][] table = [.. Enumerable.Range(0, 3).Select(channel => Table(mean[channel], std[channel]))];
        OpenMpParallel.Run(frames.Count * height, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (row) =>
        {
            (int image, int y) = Math.DivRem(row, height);
            int plane = height * width;
            int from = (image * 3 * plane) + (y * width);
            int valid = y < frames[image].Height ? Math.Min(width, frames[image].Width) : 0;
            Span<ushort> to = target.Slice(3L * row * width, 3 * width);
            ReadOnlySpan<byte> red = pixels.AsSpan(from, valid);
            ReadOnlySpan<byte> green = pixels.AsSpan(from + plane, valid);
            ReadOnlySpan<byte> blue = pixels.AsSpan(from + (2 * plane), valid);
            for (int x = 0; x < valid; x++)
            {
                to[3 * x] = table[0][red[x]];
                to[(3 * x) + 1] = table[1][green[x]];
                to[(3 * x) + 2] = table[2][blue[x]];
            }

            to[(3 * valid)..].Clear();
        });
        return result;
    }

    private static ushort[] Table(float mean, float std)
    {
        ushort[] table = new ushort[256];
        for (int value = 0; value < table.Length; value++)
        {
            uint bits = BitConverter.SingleToUInt32Bits((value - mean) / std);
            table[value] = (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
        }

        return table;
    }
}
