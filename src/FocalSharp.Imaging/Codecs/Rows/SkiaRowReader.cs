using FocalSharp.Datasets.Files;
using SkiaSharp;

namespace FocalSharp.Imaging.Codecs.Rows;

/// <summary>Reads JPEG, and PNG with a color profile, by rows.</summary>
internal sealed unsafe class SkiaRowReader : RowReader
{
    private const int RowsAtOnce = 16;

    private readonly Stream? _stream;
    private readonly SKCodec _codec;
    private readonly bool _allowTruncated;
    private readonly DecodeBuffer _rows;
    private readonly int _rowBytes;

    private SkiaRowReader(Stream? stream, SKCodec codec, int rowBytes, ImageHeaderInfo info, string name, ImageDecodeOptions options)
        : base(info, name)
    {
        (_stream, _codec, _rowBytes, _allowTruncated) = (stream, codec, rowBytes, options.AllowTruncated);
        _rows = new DecodeBuffer(checked(rowBytes * RowsAtOnce));
        _rows.Span.Clear();
    }

    /// <summary>Opens an image. Returns null if it cannot be read by rows, such as an interlaced PNG.</summary>
    public static SkiaRowReader? TryOpen(Stream stream, ImageHeaderInfo info, string name, ImageDecodeOptions options)
    {
        SkiaLibrary.Check.EnsureLoaded();
        return Start(SkiaDecoder.Open(SKCodec.Create(stream), info, name), stream, info, name, options);
    }

    /// <summary>Opens an image in memory, which must stay where it is. Returns null if it cannot be read by rows.</summary>
    public static SkiaRowReader? TryOpen(SKData data, ImageHeaderInfo info, string name, ImageDecodeOptions options) =>
        Start(SkiaDecoder.Open(SKCodec.Create(data), info, name), stream: null, info, name, options);

    public override void Dispose()
    {
        _codec.Dispose();
        _rows.Dispose();
        _stream?.Dispose();
    }

    protected override bool TryReadRow(int y, Span<byte> rgb)
    {
        int line = y % RowsAtOnce;
        if (line == 0)
        {
            int count = Math.Min(RowsAtOnce, Size.Height - y);
            int available;
            fixed (byte* pixels = _rows.Span)
            {
                available = _codec.GetScanlines((nint)pixels, count, _rowBytes);
            }

            if (available < count && !_allowTruncated)
            {
                throw EncodedImageReader.CreateDamagedException(Name, SKCodecResult.IncompleteInput);
            }
        }

        PixelPacking.RgbaToRgb(_rows.Span.Slice(line * _rowBytes, _rowBytes), rgb);
        return true; // Skia fills what is missing
    }

    private static SkiaRowReader? Start(SKCodec codec, Stream? stream, ImageHeaderInfo info, string name, ImageDecodeOptions options)
    {
        SKImageInfo target = SkiaDecoder.GetTarget(codec, info, info.StoredSize, options);
        if (codec.StartScanlineDecode(target) is SKCodecResult.Success && codec.ScanlineOrder is SKCodecScanlineOrder.TopDown)
        {
            return new SkiaRowReader(stream, codec, target.RowBytes, info, name, options);
        }

        codec.Dispose();
        return null;
    }
}
