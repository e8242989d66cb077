using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Imaging.Resizing;

/// <summary>Converts interleaved pixels to the planes of a uint8 NCHW batch.</summary>
internal static class ChwPacking
{
    // For 16 pixels in three vectors (a, b, c): the source byte and vector of each value of a channel. One field each, so
    // that the compiler treats them as constants.
    private static readonly Vector128<byte> RedA = GetShuffleIndices(0, 0);
    private static readonly Vector128<byte> RedB = GetShuffleIndices(0, 1);
    private static readonly Vector128<byte> RedC = GetShuffleIndices(0, 2);
    private static readonly Vector128<byte> GreenA = GetShuffleIndices(1, 0);
    private static readonly Vector128<byte> GreenB = GetShuffleIndices(1, 1);
    private static readonly Vector128<byte> GreenC = GetShuffleIndices(1, 2);
    private static readonly Vector128<byte> BlueA = GetShuffleIndices(2, 0);
    private static readonly Vector128<byte> BlueB = GetShuffleIndices(2, 1);
    private static readonly Vector128<byte> BlueC = GetShuffleIndices(2, 2);

    /// <summary>Writes an image into the top left of three planes, red first; the rest of the planes becomes 0.</summary>
    /// <param name="image">The image, at most as large as a plane.</param>
    /// <param name="planes"><c>[3, planeHeight, planeWidth]</c>, one sample of a batch.</param>
    /// <param name="planeWidth">Width of a plane.</param>
    /// <param name="planeHeight">Height of a plane.</param>
    /// <exception cref="ArgumentException">The image is larger than a plane, or the memory is not that of three planes.</exception>
    public static void Write(RgbImage image, Span<byte> planes, int planeWidth, int planeHeight)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Width > planeWidth || image.Height > planeHeight)
        {
            throw new ArgumentException(
                $"An image of {image.Width}x{image.Height} does not fit into planes of {planeWidth}x{planeHeight}.", nameof(image));
        }

        Write(image.Pixels, image.Width, image.Height, planes, planeWidth, planeHeight);
    }

    /// <summary>Writes interleaved pixels of the size of the planes.</summary>
    /// <param name="pixels">RGB, <c>[height, width, 3]</c>.</param>
    /// <param name="planes"><c>[3, height, width]</c>.</param>
    /// <param name="width">Width of a plane.</param>
    /// <param name="height">Height of a plane.</param>
    internal static void Write(ReadOnlySpan<byte> pixels, Span<byte> planes, int width, int height) => Write(pixels, width, height, planes, width, height);

    private static void Write(ReadOnlySpan<byte> pixels, int width, int height, Span<byte> planes, int planeWidth, int planeHeight)
    {
        int area = checked(planeWidth * planeHeight);
        if (planes.Length != area * 3L)
        {
            throw new ArgumentException($"Three planes of {planeWidth}x{planeHeight} are {area * 3L} bytes, got {planes.Length}.", nameof(planes));
        }

        for (int y = 0; y < planeHeight; y++)
        {
            Span<byte> red = planes.Slice(y * planeWidth, planeWidth);
            Span<byte> green = planes.Slice(area + (y * planeWidth), planeWidth);
            Span<byte> blue = planes.Slice((2 * area) + (y * planeWidth), planeWidth);
            int written = 0;
            if (y < height)
            {
                written = width;
                Split(pixels.Slice(y * width * 3, width * 3), red, green, blue);
            }

            red[written..].Clear();
            green[written..].Clear();
            blue[written..].Clear();
        }
    }

    private static void Split(ReadOnlySpan<byte> row, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        int width = row.Length / 3;
        int x = 0;
        ref byte from = ref MemoryMarshal.GetReference(row);
        for (; x + 16 <= width; x += 16)
        {
            Vector128<byte> a = Vector128.LoadUnsafe(ref from, (nuint)(x * 3));
            Vector128<byte> b = Vector128.LoadUnsafe(ref from, (nuint)((x * 3) + 16));
            Vector128<byte> c = Vector128.LoadUnsafe(ref from, (nuint)((x * 3) + 32));
            (Vector128.Shuffle(a, RedA) | Vector128.Shuffle(b, RedB) | Vector128.Shuffle(c, RedC))
                .StoreUnsafe(ref MemoryMarshal.GetReference(red), (nuint)x);
            (Vector128.Shuffle(a, GreenA) | Vector128.Shuffle(b, GreenB) | Vector128.Shuffle(c, GreenC))
                .StoreUnsafe(ref MemoryMarshal.GetReference(green), (nuint)x);
            (Vector128.Shuffle(a, BlueA) | Vector128.Shuffle(b, BlueB) | Vector128.Shuffle(c, BlueC))
                .StoreUnsafe(ref MemoryMarshal.GetReference(blue), (nuint)x);
        }

        for (; x < width; x++)
        {
            red[x] = row[x * 3];
            green[x] = row[(x * 3) + 1];
            blue[x] = row[(x * 3) + 2];
        }
    }

    private static Vector128<byte> GetShuffleIndices(int channel, int part)
    {
        Span<byte> indices = stackalloc byte[16];
        indices.Fill(255);
        for (int pixel = 0; pixel < 16; pixel++)
        {
            int at = (pixel * 3) + channel;
            if (at / 16 == part)
            {
                indices[pixel] = (byte)(at % 16);
            }
        }

        return Vector128.Create<byte>(indices);
    }
}
