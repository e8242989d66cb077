using System.Buffers;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Runtime;

/// <summary>
/// An image to look at: a file's path, encoded bytes, a stream, an <see cref="RgbImage"/>, or pixels in memory. All but the last come by
/// conversion: <c>detector.Detect("photo.jpg")</c>, <c>detector.Detect(bytes)</c>.
/// </summary>
public readonly struct ImageSource
{
    private const string DefaultName = "image";

    private readonly object? _source;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string? _name;

    private ImageSource(object source, ReadOnlyMemory<byte> bytes = default, string? name = null) => (_source, _bytes, _name) = (source, bytes, name);

    /// <summary>What messages call the image.</summary>
    public string Name => _name ?? _source as string ?? DefaultName;

    /// <summary>An image file: JPEG, PNG, BMP, GIF or WebP.</summary>
    public static implicit operator ImageSource(string path) => FromFile(path);

    /// <summary>An encoded image in memory.</summary>
    public static implicit operator ImageSource(byte[] encoded) => FromBytes(encoded);

    /// <summary>An encoded image in memory.</summary>
    public static implicit operator ImageSource(ReadOnlyMemory<byte> encoded) => FromBytes(encoded);

    /// <summary>An encoded image in a stream.</summary>
    public static implicit operator ImageSource(Stream stream) => FromStream(stream);

    /// <summary>An image in memory.</summary>
    public static implicit operator ImageSource(RgbImage image) => FromImage(image);

    /// <summary>An image file: JPEG, PNG, BMP, GIF or WebP.</summary>
    /// <param name="path">The file.</param>
    public static ImageSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(path);
    }

    /// <summary>An encoded image in memory, which must not change until the call that it is given to has ended.</summary>
    /// <param name="encoded">The bytes of a file.</param>
    /// <param name="name">What messages call the image.</param>
    public static ImageSource FromBytes(ReadOnlyMemory<byte> encoded, string name = DefaultName) => new(Encoded.Marker, encoded, name);

    /// <summary>An encoded image in a stream, read from its position to its end and left open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What messages call the image.</param>
    public static ImageSource FromStream(Stream stream, string name = DefaultName)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(stream, default, name);
    }

    /// <summary>An image in memory.</summary>
    /// <param name="image">The image; it must not change until the call that it is given to has ended.</param>
    /// <param name="name">What messages call the image.</param>
    public static ImageSource FromImage(RgbImage image, string name = DefaultName)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new(image, default, name);
    }

    /// <summary>Pixels in memory, such as a camera's frame; they must not change until the call that they are given to has ended.</summary>
    /// <param name="pixels">The pixels, top row first.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="format">Order of a pixel's bytes.</param>
    /// <param name="stride">Bytes from one row to the next; 0 where rows touch.</param>
    /// <param name="name">What messages call the image.</param>
    public static ImageSource FromPixels(
        ReadOnlyMemory<byte> pixels, int width, int height, PixelFormat format = PixelFormat.Rgb24, int stride = 0, string name = DefaultName)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (!Enum.IsDefined(format))
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such pixel format.");
        }

        RawPixels raw = new(width, height, format, stride);
        return raw.Fits(pixels.Length)
            ? new(raw, pixels, name)
            : throw new ArgumentException(
                $"{width}x{height} pixels of {format} in rows {raw.EffectiveStride} bytes apart take {raw.Length} bytes, got {pixels.Length}.", nameof(pixels));
    }

    /// <summary>The pixels, read or decoded into the buffer where they are not in memory as they are needed.</summary>
    /// <exception cref="FocalSharpException">The image cannot be read, is too large, or is none.</exception>
    internal PixelView View(PixelBuffer buffer, ImageDecodeOptions options)
    {
        switch (_source)
        {
            case RgbImage image:
                RequirePixels(image.Width, image.Height, options);
                return image.View;
            case RawPixels raw:
                RequirePixels(raw.Width, raw.Height, options);
                return raw.View(_bytes.Span, buffer);
            case string path:
                ImageDecoder.DecodeInto(buffer, path, options);
                return buffer.View;
            case Stream stream:
                ImageDecoder.DecodeInto(buffer, stream, options, Name);
                return buffer.View;
            case Encoded:
                ImageDecoder.DecodeInto(buffer, _bytes.Span, options, Name);
                return buffer.View;
            default:
                throw new InvalidOperationException("An image source was not given an image: make it from a path, bytes, a stream or pixels.");
        }
    }

    /// <summary>What <see cref="View"/> gave for the same buffer just before, without decoding again.</summary>
    internal PixelView ViewDecoded(PixelBuffer buffer, ImageDecodeOptions options) =>
        _source is RgbImage or RawPixels ? View(buffer, options) : buffer.View;

    /// <summary>The same image with its stream, if it is one, read into memory.</summary>
    /// <exception cref="FocalSharpException">The stream holds more than is allowed.</exception>
    internal async Task<ImageSource> LoadAsync(ImageDecodeOptions options, CancellationToken cancellationToken)
    {
        if (_source is not Stream stream)
        {
            return this;
        }

        using MemoryStream memory = new();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0 && memory.Length <= options.MaxBytes;)
            {
                memory.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return FromBytes(memory.GetBuffer().AsMemory(0, (int)memory.Length), Name); // the decoder tells where it is too long
    }

    private void RequirePixels(int width, int height, ImageDecodeOptions options)
    {
        if ((long)width * height > options.MaxPixels)
        {
            throw new FocalSharpException(
                $"{Name}: {width}x{height} is more than the {options.MaxPixels / 1e6:0.#} million pixels allowed. Shrink or tile the image, or raise the limit.");
        }
    }

    private sealed class Encoded
    {
        public static readonly Encoded Marker = new();
    }
}
