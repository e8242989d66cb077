using System.Buffers;
using FocalSharp.Detections;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Runtime;

/// <summary>
/// An image decoded and resized, ready to run (<see cref="Detector.Prepare"/>): a service prepares on its request threads and runs what has
/// one <see cref="InputSize"/> together. Dispose when done; the memory goes back to a pool.
/// </summary>
public sealed class PreparedImage : IDisposable
{
    private readonly int _length;
    private byte[]? _pixels;

    internal PreparedImage(ImageSize inputSize, ImageSize original)
    {
        (InputSize, OriginalSize) = (inputSize, original);
        _length = checked((int)(inputSize.Pixels * 3));
        _pixels = ArrayPool<byte>.Shared.Rent(_length);
    }

    /// <summary>Size of the network's input; images of one size share a run.</summary>
    public ImageSize InputSize { get; }

    /// <summary>Size of the original image, after its EXIF orientation.</summary>
    public ImageSize OriginalSize { get; }

    internal ResizeTransform Transform { get; set; }

    internal Span<byte> Pixels => (_pixels ?? throw new ObjectDisposedException(nameof(PreparedImage))).AsSpan(0, _length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }
}
