using System.Collections.Concurrent;
using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Codecs.Rows;

namespace FocalSharp.Training.Data;

/// <summary>
/// Decodes images and caches them in memory up to a limit. Images larger than training needs are resized once to a maximum long side, while
/// they are read if they are too large for memory; the boxes of a sample are scaled accordingly.
/// </summary>
/// <param name="maxBytes">Memory for pixels; further images are decoded each time.</param>
/// <param name="maxLongSide">Longer images are resized to this; 0 leaves all sizes unchanged that fit into memory.</param>
/// <param name="disk">Caches the images that do not fit into memory; null decodes them each time.</param>
/// <param name="decoding">How images are decoded; null for the defaults.</param>
/// <param name="largeLongSide">What images that are read by rows are resized to if <paramref name="maxLongSide"/> is 0.</param>
internal sealed class ImageCache(
    long maxBytes, int maxLongSide, DiskImageCache? disk = null, ImageDecodeOptions? decoding = null, int largeLongSide = 4096)
{
    private readonly ConcurrentDictionary<string, RgbImage> _images = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Gets the bytes of cached pixels.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Returns an image, decoded or cached. Callers must not change its pixels.</summary>
    /// <exception cref="ImageException">The file is missing or cannot be decoded, or its size differs from that of its header.</exception>
    public RgbImage Get(DatasetImage image)
    {
        if (_images.TryGetValue(image.Path, out RgbImage? cached))
        {
            return cached;
        }

        string? key = disk is null ? null : DiskImageCache.ComputeKey(image.Path, maxLongSide, decoding?.StretchRange ?? false);
        RgbImage? fromDisk = key is null ? null : disk!.TryGet(key);
        RgbImage decoded = fromDisk
            ?? (maxLongSide > 0
                ? ReducedDecoder.Decode(image.Path, maxLongSide, decoding).Image
                : ReducedDecoder.TryDecodeByRows(image.Path, largeLongSide, decoding)?.Image ?? ImageDecoder.Decode(image.Path, decoding));
        if (Bytes + decoded.Pixels.Length <= maxBytes && _images.TryAdd(image.Path, decoded))
        {
            Interlocked.Add(ref _bytes, decoded.Pixels.Length);
        }
        else if (key is not null && fromDisk is null)
        {
            disk!.Add(key, decoded);
        }

        return decoded;
    }
}
