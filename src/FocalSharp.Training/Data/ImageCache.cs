using System.Collections.Concurrent;
using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Training.Data;

/// <summary>
/// Decodes images and keeps them in memory up to a bound. Images larger than training needs are shrunk once, to at most a given
/// long side; a sample carries the factor, so that its boxes follow.
/// </summary>
/// <param name="maxBytes">Memory for pixels; what comes after is decoded anew each time.</param>
/// <param name="maxLongSide">Longer images are shrunk to this; 0 keeps every size.</param>
/// <param name="disk">Keeps what memory does not hold; null decodes it anew.</param>
public sealed class ImageCache(long maxBytes, int maxLongSide, DiskImageCache? disk = null)
{
    private readonly ConcurrentDictionary<string, RgbImage> _images = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Bytes of pixels held.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>An image, decoded or remembered. Callers must not change its pixels.</summary>
    /// <exception cref="FocalSharpException">The file is gone or is no image.</exception>
    public RgbImage Get(DatasetImage image)
    {
        if (_images.TryGetValue(image.Path, out RgbImage? held))
        {
            return held;
        }

        string? key = disk is null ? null : DiskImageCache.ComputeKey(image.Path, maxLongSide);
        RgbImage? retained = key is null ? null : disk!.TryGet(key);
        RgbImage decoded = retained ?? Shrink(ImageDecoder.Decode(image.Path));
        if (Bytes + decoded.Pixels.Length <= maxBytes && _images.TryAdd(image.Path, decoded))
        {
            Interlocked.Add(ref _bytes, decoded.Pixels.Length);
        }
        else if (key is not null && retained is null)
        {
            disk!.Add(key, decoded);
        }

        return decoded;
    }

    private RgbImage Shrink(RgbImage image)
    {
        if (maxLongSide <= 0 || Math.Max(image.Width, image.Height) <= maxLongSide)
        {
            return image;
        }

        ImageSize size = KeepRatio.Fit(image.Width, image.Height, maxLongSide, maxLongSide);
        RgbImage small = new(size.Width, size.Height);
        AreaResizer.Resize(image, small, size.Width, size.Height);
        return small;
    }
}
