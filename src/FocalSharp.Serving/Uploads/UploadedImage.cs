using FocalSharp.Datasets.Files;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// An encoded image with a supported format and an allowed size, or the reason why it was rejected. Dispose it: its bytes are native memory.
/// </summary>
internal sealed class UploadedImage : IDisposable
{
    private UploadBuffer? _buffer;

    internal UploadedImage(string name, UploadBuffer buffer, ImageFormat format, ImageSize size)
    {
        (Name, _buffer, Format, Size) = (name, buffer, format, size);
    }

    internal UploadedImage(string name, UploadException error) => (Name, Error) = (name, error);

    /// <summary>Gets the name for messages and responses.</summary>
    public string Name { get; }

    /// <summary>Gets the format, detected from the first bytes.</summary>
    public ImageFormat Format { get; }

    /// <summary>Gets the size according to the header, after EXIF orientation.</summary>
    public ImageSize Size { get; }

    /// <summary>Gets the reason why the image was rejected, or null.</summary>
    public UploadException? Error { get; }

    /// <summary>Gets the encoded bytes; empty if the image was rejected.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer?.Bytes ?? default;

    /// <summary>Releases the bytes.</summary>
    public void Dispose() => Interlocked.Exchange(ref _buffer, null)?.Dispose();
}
