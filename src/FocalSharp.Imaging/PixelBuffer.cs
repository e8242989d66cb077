using FocalSharp.Datasets.Files;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Imaging;

/// <summary>
/// A reusable buffer for decoding images (<see cref="ImageDecoder.DecodeInto(PixelBuffer, string, ImageDecodeOptions?)"/>), so that a
/// long-running program does not allocate per image. It grows to the largest image. It is not thread-safe.
/// </summary>
internal sealed class PixelBuffer
{
    private byte[] _pixels = [];
    private byte[] _reoriented = [];
    private byte[] _encoded = [];

    /// <summary>Gets the width of the current image; 0 if there is none.</summary>
    public int Width { get; private set; }

    /// <summary>Gets the height of the current image; 0 if there is none.</summary>
    public int Height { get; private set; }

    /// <summary>Gets the allocated bytes.</summary>
    public long Capacity => (long)_pixels.Length + _reoriented.Length + _encoded.Length;

    /// <summary>Gets the current image, four bytes per pixel, valid until the next is decoded.</summary>
    /// <exception cref="InvalidOperationException">There is no image.</exception>
    public PixelView View => Width > 0
        ? new PixelView(_pixels, Width, Height, bytesPerPixel: 4)
        : throw new InvalidOperationException("The buffer contains no image.");

    /// <summary>Releases all memory.</summary>
    public void Clear() => (_pixels, _reoriented, _encoded, Width, Height) = ([], [], [], 0, 0);

    /// <summary>Copies pixels of any byte order.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="bytesPerPixel">Bytes per pixel.</param>
    /// <param name="red">Offset of the red byte in a pixel.</param>
    /// <param name="green">Offset of the green byte.</param>
    /// <param name="blue">Offset of the blue byte.</param>
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

    internal void ApplyOrientation(int orientation)
    {
        if (orientation == ExifOrientation.None)
        {
            return;
        }

        EnsureCapacity(ref _reoriented, Width * Height * 4);
        Orientation.Reorient(_pixels, _reoriented, Width, Height, 4, orientation);
        (_pixels, _reoriented) = (_reoriented, _pixels);
        if (ExifOrientation.Transposes(orientation))
        {
            (Width, Height) = (Height, Width);
        }
    }

    /// <summary>Returns memory for an encoded image; its content is preserved when it grows.</summary>
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
            array = []; // let the old array be collected before the new one is allocated
            array = GC.AllocateUninitializedArray<byte>(length);
        }
    }
}
