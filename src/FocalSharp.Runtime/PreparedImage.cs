using System.Buffers;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime.Sessions;

namespace FocalSharp.Runtime;

/// <summary>
/// An image decoded and resized to a network's input (<see cref="IDetector.Prepare"/>). A service prepares images on its request threads
/// and runs images of one <see cref="InputSize"/> together. Dispose it to return its memory to a pool. Until then it uses the model that it was prepared
/// for, also if the detector loads another one meanwhile (<see cref="Detector.Reload"/>).
/// </summary>
public sealed class PreparedImage : IDisposable
{
    private const int MaxPooledBytes = 16 << 20;
    private const int MaxPooledPerSize = 64;

    // Its own pool, so that a service that is idle can drop it: the shared one retains arrays for minutes.
    private static ArrayPool<byte> _pool = CreatePool();

    private readonly int _length;
    private byte[]? _pixels;

    private PreparedImage(ImageSize inputSize, ImageSize original)
    {
        (InputSize, OriginalSize) = (inputSize, original);
        _length = checked((int)(inputSize.Pixels * 3));
        _pixels = _pool.Rent(_length);
    }

    /// <summary>Gets the size of the network's input; images of one size share a batch.</summary>
    public ImageSize InputSize { get; }

    /// <summary>Gets the size of the original image, after its EXIF orientation.</summary>
    public ImageSize OriginalSize { get; }

    internal ResizeTransform Transform { get; private set; }

    /// <summary>The model that the image was prepared for; null if it was prepared by a resize rule alone.</summary>
    internal ModelInstance? Model { get; private set; }

    /// <summary>RGB, <c>[height, width, 3]</c>; 0 where the image does not reach.</summary>
    internal Span<byte> Pixels => (_pixels ?? throw new ObjectDisposedException(nameof(PreparedImage))).AsSpan(0, _length);

    /// <summary>Decodes and resizes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="rule">The model's resize rule.</param>
    /// <param name="options">Limits of the image and whether EXIF orientation is applied; null for the defaults.</param>
    /// <exception cref="ImageException">The image cannot be read or is too large.</exception>
    public static PreparedImage Create(ImageSource image, ResizeRule rule, ImageDecodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Create(image, new PixelBuffer(), rule, rule.ApplyTo(options ?? ImageDecodeOptions.Default));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
        {
            _pool.Return(pixels);
            Model?.Usage.Release();
        }
    }

    /// <summary>Uses a model until the image is disposed.</summary>
    /// <param name="model">The model, which the caller uses too.</param>
    internal void Use(ModelInstance model)
    {
        if (model.Usage.TryAcquire(whileInUse: true))
        {
            Model = model;
        }
    }

    /// <summary>Drops the pooled memory.</summary>
    internal static void TrimPool() => _pool = CreatePool();

    /// <summary>Returns the mirrored image: its content is reversed from left to right, and the padding remains.</summary>
    internal PreparedImage Mirror()
    {
        PreparedImage mirrored = new(InputSize, OriginalSize) { Transform = Transform };
        ReadOnlySpan<byte> source = Pixels;
        Span<byte> target = mirrored.Pixels;
        source.CopyTo(target);
        int stride = InputSize.Width * 3;
        for (int y = 0; y < Transform.Height; y++)
        {
            ReadOnlySpan<byte> row = source.Slice(y * stride, Transform.Width * 3);
            Span<byte> reversed = target.Slice(y * stride, Transform.Width * 3);
            for (int x = 0; x < row.Length; x += 3)
            {
                row.Slice(x, 3).CopyTo(reversed.Slice(row.Length - 3 - x, 3));
            }
        }

        return mirrored;
    }

    /// <summary>Decodes an image into a reusable buffer and resizes it; an image that is too large for a buffer is resized while it is read.</summary>
    internal static PreparedImage Create(ImageSource image, PixelBuffer buffer, ResizeRule rule, ImageDecodeOptions options) =>
        image.TryPrepareByRows(rule, options) ?? Create(image.View(buffer, options), rule);

    /// <summary>Returns a black input for an image, to be filled by its resized rows.</summary>
    internal static PreparedImage CreateEmpty(ImageSize size, ResizeRule rule)
    {
        PreparedImage prepared = new(rule.GetPaddedSize(size.Width, size.Height), size) { Transform = rule.GetTransform(size.Width, size.Height) };
        prepared.Pixels.Clear();
        return prepared;
    }

    /// <summary>Returns a copy.</summary>
    internal PreparedImage Clone()
    {
        PreparedImage copy = new(InputSize, OriginalSize) { Transform = Transform };
        Pixels.CopyTo(copy.Pixels);
        return copy;
    }

    internal static PreparedImage Create(PixelView pixels, ResizeRule rule)
    {
        PreparedImage prepared = new(rule.GetPaddedSize(pixels.Width, pixels.Height), new ImageSize(pixels.Width, pixels.Height));
        prepared.Transform = rule.ResizeInto(pixels, prepared.Pixels, prepared.InputSize);
        return prepared;
    }

    private static ArrayPool<byte> CreatePool() => ArrayPool<byte>.Create(MaxPooledBytes, MaxPooledPerSize);
}
