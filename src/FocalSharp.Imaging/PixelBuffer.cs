using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Imaging;

/// <summary>
/// Memory that one image after another is decoded into (<see cref="ImageDecoder.DecodeInto(PixelBuffer, string, ImageDecodeOptions?)"/>),
/// so that a long-running program does not allocate per image. It grows to the largest image. Not for two threads at once.
/// </summary>
public sealed class PixelBuffer
{
    private byte[] _pixels = [];
    private byte[] _reoriented = [];
    private byte[] _encoded = [];

    /// <summary>Width of the image that it holds; 0 before the first.</summary>
    public int Width { get; private set; }

    /// <summary>Height of the image that it holds; 0 before the first.</summary>
    public int Height { get; private set; }

    /// <summary>Bytes that it occupies.</summary>
    public long Capacity => (long)_pixels.Length + _reoriented.Length + _encoded.Length;

    /// <summary>The image that it holds, four bytes a pixel, until the next is decoded into it.</summary>
    /// <exception cref="InvalidOperationException">It holds none.</exception>
    public PixelView View => Width > 0
        ? new PixelView(_pixels, Width, Height, bytesPerPixel: 4)
        : throw new InvalidOperationException("No image was decoded into this buffer.");

    /// <summary>Gives all memory back.</summary>
    public void Clear() => (_pixels, _reoriented, _encoded, Width, Height) = ([], [], [], 0, 0);

    /// <summary>Takes pixels of any byte order; missing ones of a short last row are an error of the caller.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="bytesPerPixel">Bytes a pixel.</param>
    /// <param name="red">Place of the red byte in a pixel.</param>
    /// <param name="green">Place of the green byte.</param>
    /// <param name="blue">Place of the blue byte.</param>
    public void CopyFrom(ReadOnlySpan<byte> pixels, int width, int height, int stride, int bytesPerPixel, int red, int green, int blue)
    {
        Span<byte> target = Reserve(width, height);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = pixels.Slice(checked(y * stride), width * bytesPerPixel);
            for (int from = 0; from < row.Length; from += bytesPerPixel, target = target[4..])
            {
                (target[0], target[1], target[2], target[3]) = (row[from + red], row[from + green], row[from + blue], 255);
            }
        }
    }

    internal Span<byte> Reserve(int width, int height)
    {
        int length = checked(width * height * 4);
        EnsureCapacity(ref _pixels, length);
        (Width, Height) = (width, height);
        return _pixels.AsSpan(0, length);
    }

    internal void Reset() => (Width, Height) = (0, 0);

    internal void ApplyOrientation(SkiaSharp.SKEncodedOrigin origin)
    {
        if (origin is SkiaSharp.SKEncodedOrigin.TopLeft)
        {
            return;
        }

        EnsureCapacity(ref _reoriented, Width * Height * 4);
        Orientation.Reorient(_pixels, _reoriented, Width, Height, 4, origin);
        (_pixels, _reoriented) = (_reoriented, _pixels);
        if (Orientation.Transposes(origin))
        {
            (Width, Height) = (Height, Width);
        }
    }

    /// <summary>Room for an encoded image; what it holds stays when it grows.</summary>
    internal Span<byte> GetEncodedBuffer(int length)
    {
        if (_encoded.Length < length)
        {
            byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Max(length, Math.Min(Array.MaxLength, _encoded.Length * 2L)));
            _encoded.CopyTo(larger, 0);
            _encoded = larger;
        }

        return _encoded;
    }

    private static void EnsureCapacity(ref byte[] array, int length)
    {
        if (array.Length < length)
        {
            array = []; // the old one may go before the new one comes
            array = GC.AllocateUninitializedArray<byte>(length);
        }
    }
}
