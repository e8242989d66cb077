using System.Buffers;
using System.Runtime.InteropServices;
using FocalSharp.Datasets.Files;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime.Tiling;

namespace FocalSharp.Runtime;

/// <summary>
/// An image to detect objects in: a file's path, encoded bytes, a stream, an <see cref="RgbImage"/>, or pixels in memory. All but pixels
/// convert implicitly: <c>detector.Detect("photo.jpg")</c>, <c>detector.Detect(bytes)</c>.
/// </summary>
public readonly struct ImageSource
{
    private const int BlankSide = 32;
    private const string DefaultName = "image";

    private readonly object? _source;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string? _name;

    private ImageSource(object source, ReadOnlyMemory<byte> bytes = default, string? name = null) => (_source, _bytes, _name) = (source, bytes, name);

    /// <summary>Gets the image's name in error messages.</summary>
    public string Name => _name ?? _source as string ?? DefaultName;

    /// <summary>Converts the path of an image file.</summary>
    public static implicit operator ImageSource(string path) => FromFile(path);

    /// <summary>Converts an encoded image in memory.</summary>
    public static implicit operator ImageSource(byte[] encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return FromBytes(encoded);
    }

    /// <summary>Converts an encoded image in memory.</summary>
    public static implicit operator ImageSource(ReadOnlyMemory<byte> encoded) => FromBytes(encoded);

    /// <summary>Converts a stream of an encoded image.</summary>
    public static implicit operator ImageSource(Stream stream) => FromStream(stream);

    /// <summary>Converts an image in memory.</summary>
    public static implicit operator ImageSource(RgbImage image) => FromImage(image);

    /// <summary>Creates a source from an image file, in any format of <see cref="ImageDecoder"/>.</summary>
    /// <param name="path">The file.</param>
    public static ImageSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(path);
    }

    /// <summary>Creates a source from an encoded image in memory. The bytes must not change while a call uses them.</summary>
    /// <param name="encoded">The bytes of a file.</param>
    /// <param name="name">The image's name in error messages.</param>
    public static ImageSource FromBytes(ReadOnlyMemory<byte> encoded, string name = DefaultName) => new(Encoded.Marker, encoded, name);

    /// <summary>Creates a source from a stream, which is read from its position to its end and left open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">The image's name in error messages.</param>
    public static ImageSource FromStream(Stream stream, string name = DefaultName)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return !stream.CanRead
            ? throw new ArgumentException("The stream cannot be read: it is closed, or open for writing only.", nameof(stream))
            : new(stream, default, name);
    }

    /// <summary>Creates a source from an image in memory.</summary>
    /// <param name="image">The image; it must not change while a call uses it.</param>
    /// <param name="name">The image's name in error messages.</param>
    public static ImageSource FromImage(RgbImage image, string name = DefaultName)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new(image, default, name);
    }

    /// <summary>Creates a source from pixels in memory, such as a camera frame. They must not change while a call uses them.</summary>
    /// <param name="pixels">The pixels, top row first.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="format">Order of a pixel's bytes.</param>
    /// <param name="stride">Bytes from one row to the next; 0 for rows without gaps.</param>
    /// <param name="name">The image's name in error messages.</param>
    public static ImageSource FromPixels(
        ReadOnlyMemory<byte> pixels, int width, int height, PixelFormat format = PixelFormat.Rgb24, int stride = 0, string name = DefaultName)
    {
        RequireLayout(width, height, format);
        RawPixels raw = new(width, height, format, stride);
        return raw.Fits(pixels.Length)
            ? new(raw, pixels, name)
            : throw new ArgumentException(
                $"{width}x{height} pixels of {format} in rows {raw.EffectiveStride} bytes apart take {raw.Length} bytes, got {pixels.Length}.", nameof(pixels));
    }

    /// <summary>
    /// Creates a source from pixels in unmanaged memory, such as a camera driver's buffer or a locked bitmap, without copying them. The memory must
    /// stay valid and unchanged while a call uses it; an asynchronous call uses it until its task completes.
    /// </summary>
    /// <param name="pixels">The address of the first byte of the top row.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="format">Order of a pixel's bytes.</param>
    /// <param name="stride">Bytes from one row to the next, at least those of a row; 0 for rows without gaps. The image is at most 2 GiB.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <exception cref="ArgumentException">The address is 0, rows overlap, or the image is too large.</exception>
    public static ImageSource FromPixels(
        nint pixels, int width, int height, PixelFormat format = PixelFormat.Rgb24, int stride = 0, string name = DefaultName)
    {
        if (pixels == 0)
        {
            throw new ArgumentException("The address of the pixels is 0.", nameof(pixels));
        }

        RequireLayout(width, height, format);
        RawPixels raw = new(width, height, format, stride);
        return raw.Length <= int.MaxValue
            ? FromPixels(new UnmanagedPixels(pixels, (int)Int128.Max(raw.Length, 0)).Memory, width, height, format, stride, name)
            : throw new ArgumentException($"{width}x{height} pixels of {format} in rows {raw.EffectiveStride} bytes apart are more than 2 GiB.", nameof(height));
    }

    /// <summary>Returns the image's name and, if known without decoding, its size.</summary>
    public override string ToString() => _source switch
    {
        RgbImage image => $"{Name} ({image.Width}x{image.Height})",
        RawPixels raw => $"{Name} ({raw.Width}x{raw.Height} {raw.Format})",
        Encoded => $"{Name} ({_bytes.Length} bytes)",
        null => "empty image source",
        _ => Name,
    };

    /// <summary>Returns the pixels; they are decoded or converted into the buffer if they are not in memory in the right format.</summary>
    /// <exception cref="ImageException">The image cannot be read or is too large.</exception>
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
                try
                {
                    ImageDecoder.DecodeInto(buffer, path, options);
                }
                catch (ImageException exception) when (IsSkipped(exception, options))
                {
                    buffer.Reserve(BlankSide, BlankSide).Clear();
                }

                return buffer.View;
            case Stream stream:
                ImageDecoder.DecodeInto(buffer, stream, options, Name);
                return buffer.View;
            case Encoded:
                ImageDecoder.DecodeInto(buffer, _bytes.Span, options, Name);
                return buffer.View;
            default:
                throw CreateEmptyError("image");
        }
    }

    /// <summary>
    /// Returns a reader of an encoded image that is too large to be decoded as a whole. Null for others, and for one whose format cannot be read by
    /// rows or whose orientation reverses them.
    /// </summary>
    /// <exception cref="ImageException">The image cannot be read.</exception>
    internal RowReader? TryOpenRows(ImageDecodeOptions options)
    {
        if (options.MaxPixels <= options.MaxWholePixels)
        {
            return null;
        }

        RowReader? rows = _source switch
        {
            string path => RowReader.TryOpen(path, options),
            Encoded => RowReader.TryOpen(OpenBytes(), Name, options),
            _ => null,
        };
        if (rows is null || !options.ApplyOrientation || rows.Info.Orientation == ExifOrientation.None)
        {
            return rows;
        }

        rows.Dispose();
        return null;
    }

    /// <summary>Returns the resized image if <see cref="TryOpenRows"/> returns a reader; else null.</summary>
    /// <exception cref="ImageException">The image cannot be read.</exception>
    internal PreparedImage? TryPrepareByRows(ResizeRule rule, ImageDecodeOptions options)
    {
        try
        {
            using RowReader? rows = TryOpenRows(options);
            return rows is null ? null : TileReader.PrepareWhole(rows, rule, Name);
        }
        catch (ImageException exception) when (IsSkipped(exception, options))
        {
            return PreparedImage.Create(new RgbImage(BlankSide, BlankSide).View, rule);
        }
    }

    /// <summary>Returns whether an image file that cannot be read is skipped (<see cref="ImageDecodeOptions.OnUnreadable"/>).</summary>
    internal bool IsSkipped(ImageException exception, ImageDecodeOptions options) =>
        _source is string path && options.OnUnreadable?.Invoke(path, exception) == true;

    private MemoryStream OpenBytes() => MemoryMarshal.TryGetArray(_bytes, out ArraySegment<byte> array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(_bytes.ToArray(), writable: false);

    /// <summary>Returns the pixels that <see cref="View"/> returned for the same buffer just before, without decoding again.</summary>
    internal PixelView ViewDecoded(PixelBuffer buffer, ImageDecodeOptions options) =>
        _source is RgbImage or RawPixels ? View(buffer, options) : buffer.View;

    /// <summary>Returns the image with its stream, if it has one, read into memory.</summary>
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

        return FromBytes(memory.GetBuffer().AsMemory(0, (int)memory.Length), Name); // the decoder reports a stream that is too long
    }

    // Named as in the methods that take a source.
    private static ArgumentException CreateEmptyError(string parameter) =>
        new("The image source is empty. Create it from a path, bytes, a stream or pixels.", parameter);

    private static void RequireLayout(int width, int height, PixelFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (!Enum.IsDefined(format))
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such pixel format.");
        }
    }

    private void RequirePixels(int width, int height, ImageDecodeOptions options)
    {
        if ((long)width * height > options.MaxPixels)
        {
            throw new ImageException(
                $"{Name}: {width}x{height} is more than the {options.MaxPixels / 1e6:0.#} million pixels allowed. Resize the image, or raise MaxPixels.");
        }
    }

    private sealed class Encoded
    {
        public static readonly Encoded Marker = new();
    }
}
