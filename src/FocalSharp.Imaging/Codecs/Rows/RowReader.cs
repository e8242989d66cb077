using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs.Rows;

/// <summary>
/// Reads an image from top to bottom, so that an image of any size takes the memory of some rows: PNG without interlacing, TIFF in strips or tiles,
/// and what Skia decodes by rows (JPEG). The pixels equal those of <see cref="ImageDecoder"/>.
/// </summary>
/// <param name="info">The image's header.</param>
/// <param name="name">The image's name in error messages.</param>
internal abstract class RowReader(ImageHeaderInfo info, string name) : IDisposable
{
    private bool _isTruncated;

    /// <summary>Gets the size as stored, without orientation.</summary>
    public ImageSize Size => Info.StoredSize;

    /// <summary>Gets the rows read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Gets the header.</summary>
    public ImageHeaderInfo Info { get; } = info;

    /// <summary>Gets the image's name in error messages.</summary>
    protected string Name { get; } = name;

    /// <summary>
    /// Opens an image that is larger than what is decoded as a whole (<see cref="ImageDecodeOptions.MaxWholePixels"/>). Returns null if it is not,
    /// if it exceeds <see cref="ImageDecodeOptions.MaxPixels"/>, or if its format or file cannot be read by rows.
    /// </summary>
    /// <param name="stream">The encoded image; it must be seekable. The reader disposes it; it stays open if there is none.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ImageException">The image is damaged.</exception>
    public static RowReader? TryOpen(Stream stream, string name, ImageDecodeOptions options)
    {
        if (ImageHeader.TryReadInfo(stream) is not { } info || info.StoredSize.Pixels > options.MaxPixels || info.StoredSize.Pixels <= options.MaxWholePixels)
        {
            return null;
        }

        stream.Position = 0;
        return info.Format switch
        {
            ImageFormat.Png when !info.HasColorProfile || !options.ConvertColors => PngRowReader.TryOpen(stream, info, name, options),
            ImageFormat.Png or ImageFormat.Jpeg => SkiaRowReader.TryOpen(stream, info, name, options),
            ImageFormat.Tiff => TiffRowReader.TryOpen(stream, info, name, options),
            _ => null,
        };
    }

    /// <summary>Opens an image file as <see cref="TryOpen(Stream, string, ImageDecodeOptions)"/> does; null for a file that does not exist.</summary>
    public static RowReader? TryOpen(string path, ImageDecodeOptions options)
    {
        if (options.MaxPixels <= options.MaxWholePixels || !File.Exists(path))
        {
            return null;
        }

        FileStream? stream = null;
        RowReader? reader = null;
        try
        {
            stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            return reader = TryOpen(stream, path, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{path}: cannot be read ({exception.Message}).", exception);
        }
        finally
        {
            if (reader is null)
            {
                stream?.Dispose();
            }
        }
    }

    /// <summary>Reads the next row as RGB.</summary>
    /// <param name="rgb">Receives three bytes per pixel.</param>
    /// <exception cref="ImageException">The image is damaged or truncated.</exception>
    public void ReadRow(Span<byte> rgb)
    {
        if (Position >= Size.Height)
        {
            throw new InvalidOperationException("All rows have been read.");
        }

        if (_isTruncated || !TryReadRow(Position, rgb))
        {
            _isTruncated = true;
            rgb.Clear();
        }

        Position++;
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Reads a row. Returns false if the file ends before it and truncated files are allowed.</summary>
    protected abstract bool TryReadRow(int y, Span<byte> rgb);
}
