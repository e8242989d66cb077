using System.Runtime.CompilerServices;
using FocalSharp.Detections;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// Converts bytes to the network's input in one pass: normalized, channels-last, 0 in the padding.
/// </summary>
internal static class PixelNormalizer
{
    /// <summary>Normalizes a batch.</summary>
    /// <param name="type">bfloat16, to which values are rounded, or float32.</param>
    /// <param name="pixels">uint8 <c>[B, 3, height, width]</c>, RGB.</param>
    /// <param name="height">Height of the batch.</param>
    /// <param name="width">Width of the batch.</param>
    /// <param name="frames">Resize transform of each image.</param>
    /// <param name="mean">Mean per channel.</param>
    /// <param name="std">Standard deviation per channel.</param>
    public static Tensor Normalize(
        ScalarType type, byte[] pixels, int height, int width, IReadOnlyList<ResizeTransform> frames, IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        Tensor result = ChannelsLast.Empty(type, frames.Count, 3, height, width);
        Batch batch = new(pixels, height, width, frames);
        if (type == ScalarType.BFloat16)
        {
            BFloat16Rows target = new(result);
            Fill(batch, (row, length) => target.Slice(row, length), Tables(mean, std, Round));
        }
        else
        {
            Float32Rows target = new(result);
            Fill(batch, (row, length) => target.Slice(row, length), Tables(mean, std, value => value));
        }

        return result;
    }

    private static void Fill<T>(Batch batch, Slice<T> target, T[][] table)
    {
        (byte[] pixels, int height, int width, IReadOnlyList<ResizeTransform> frames) = batch;
        OpenMpParallel.Run(frames.Count * height, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (row) =>
        {
            (int image, int y) = Math.DivRem(row, height);
            int plane = height * width;
            int from = (image * 3 * plane) + (y * width);
            int valid = y < frames[image].Height ? Math.Min(width, frames[image].Width) : 0;
            Span<T> to = target(3L * row * width, 3 * width);
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
    }

    private static T[][] Tables<T>(IReadOnlyList<float> mean, IReadOnlyList<float> std, Func<float, T> convert) =>
        [.. Enumerable.Range(0, 3).Select(channel => (T[])[.. Enumerable.Range(0, 256).Select(value => convert((value - mean[channel]) / std[channel]))])];

    private static ushort Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private delegate Span<T> Slice<T>(long at, int length);

    private sealed record Batch(byte[] Pixels, int Height, int Width, IReadOnlyList<ResizeTransform> Frames);
}
