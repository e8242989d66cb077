using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// One encoded image as it was sent, known to begin as an image of allowed size; or why it is refused. Its bytes may be
/// rented: dispose it.
/// </summary>
public sealed class UploadedImage : IDisposable
{
    private UploadBuffer? _buffer;

    internal UploadedImage(string name, UploadBuffer buffer, ImageFormat format, ImageSize size)
    {
        (Name, _buffer, Format, Size) = (name, buffer, format, size);
    }

    internal UploadedImage(string name, UploadException error) => (Name, Error) = (name, error);

    /// <summary>What messages and answers call it.</summary>
    public string Name { get; }

    /// <summary>What its first bytes say it is.</summary>
    public ImageFormat Format { get; }

    /// <summary>Its size as its header says, after EXIF orientation.</summary>
    public ImageSize Size { get; }

    /// <summary>Why it is refused; null where it is not.</summary>
    public UploadException? Error { get; }

    /// <summary>The encoded bytes; empty where it is refused.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer?.Bytes ?? default;

    /// <summary>Gives the bytes back.</summary>
    public void Dispose() => Interlocked.Exchange(ref _buffer, null)?.Dispose();
}
