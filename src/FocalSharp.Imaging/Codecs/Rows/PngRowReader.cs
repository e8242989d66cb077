using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs.Rows;

/// <summary>Reads a PNG without interlacing by rows.</summary>
internal sealed class PngRowReader : RowReader
{
    private readonly Stream _stream;
    private readonly PngScanlines _scanlines;
    private readonly PngConverter _converter;
    private readonly bool _allowTruncated;

    private PngRowReader(Stream stream, PngScanlines scanlines, PngConverter converter, ImageHeaderInfo info, string name, bool allowTruncated)
        : base(info, name)
    {
        (_stream, _scanlines, _converter, _allowTruncated) = (stream, scanlines, converter, allowTruncated);
        _scanlines.StartPass(info.StoredSize.Width);
    }

    /// <summary>Opens an image. Returns null if it is interlaced.</summary>
    public static PngRowReader? TryOpen(Stream stream, ImageHeaderInfo info, string name, ImageDecodeOptions options)
    {
        SampleRange? range = null;
        if (options.StretchRange && info.BitsPerSample == 16)
        {
            range = PngRowDecoder.MeasureRange(stream, info, name, options.AllowTruncated);
            stream.Position = 0;
        }

        PngScanlines scanlines = new(stream, info, name);
        if (!scanlines.IsInterlaced)
        {
            return new PngRowReader(stream, scanlines, new PngConverter(scanlines, range), info, name, options.AllowTruncated);
        }

        scanlines.Dispose();
        return null;
    }

    public override void Dispose()
    {
        _scanlines.Dispose();
        _stream.Dispose();
    }

    protected override bool TryReadRow(int y, Span<byte> rgb)
    {
        ReadOnlySpan<byte> row = _scanlines.ReadRow(_allowTruncated);
        if (row.IsEmpty)
        {
            return false;
        }

        _converter.Convert(row, Size.Width, rgb, step: 3);
        return true;
    }
}
