using BitMiracle.LibTiff.Classic;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs.Rows;

/// <summary>Reads a TIFF page by rows: a scanline at a time, or the rows of a row of tiles, or of a strip of each channel.</summary>
internal sealed class TiffRowReader : RowReader
{
    private const int MaxBandBytes = 256 << 20;

    private readonly Stream _stream;
    private readonly Tiff _tiff;
    private readonly TiffLayout _layout;
    private readonly SampleRange _range;
    private readonly ImageDecodeOptions _options;
    private readonly byte[]? _profile;
    private readonly int _bandHeight;
    private readonly DecodeBuffer _band;

    private TiffRowReader(Stream stream, Tiff tiff, TiffLayout layout, int bandHeight, ImageHeaderInfo info, string name, ImageDecodeOptions options)
        : base(info, name)
    {
        (_stream, _tiff, _layout, _bandHeight, _options) = (stream, tiff, layout, bandHeight, options);
        _range = TiffDecoder.GetRange(tiff, layout, info.StoredSize, options);
        _profile = options.ConvertColors && info is { HasColorProfile: true, IsCmyk: false } && tiff.GetField(TiffTag.ICCPROFILE) is [_, var profile, ..]
            ? profile.ToByteArray()
            : null;
        _band = new DecodeBuffer(Size.Width * 3 * bandHeight);
    }

    /// <summary>Opens an image. Returns null if the library converts its colors as a whole (YCbCr without JPEG, L*a*b*), or if its strips are too large.</summary>
    public static TiffRowReader? TryOpen(Stream stream, ImageHeaderInfo info, string name, ImageDecodeOptions options)
    {
        Tiff tiff = TiffDecoder.Open(stream, info, name);
        TiffRowReader? reader = null;
        try
        {
            TiffLayout layout = TiffLayout.Read(tiff, name);
            long rows = layout.Tile is { } tile ? tile.Height
                : layout.IsPlanar ? Math.Min(tiff.GetFieldDefaulted(TiffTag.ROWSPERSTRIP)[0].ToUInt(), info.StoredSize.Height)
                : 1;
            return layout.UsesLibraryColors || rows < 1 || info.StoredSize.Width * 3L * rows > MaxBandBytes
                ? null
                : reader = new TiffRowReader(stream, tiff, layout, (int)rows, info, name, options);
        }
        catch (Exception exception) when (TiffDecoder.IsCausedByContent(exception))
        {
            throw TiffDecoder.CreateDamagedException(name);
        }
        finally
        {
            if (reader is null)
            {
                tiff.Dispose();
            }
        }
    }

    public override void Dispose()
    {
        _tiff.Dispose();
        _stream.Dispose();
        _band.Dispose();
    }

    protected override bool TryReadRow(int y, Span<byte> rgb)
    {
        int line = y % _bandHeight;
        if (line == 0)
        {
            ReadBand(y, Math.Min(y + _bandHeight, Size.Height));
        }

        _band.Span.Slice(line * rgb.Length, rgb.Length).CopyTo(rgb);
        return true; // what is missing is black
    }

    private void ReadBand(int top, int bottom)
    {
        Span<byte> pixels = _band.Span[..((bottom - top) * Size.Width * 3)];
        pixels.Clear();
        bool isComplete;
        try
        {
            isComplete = TiffPixels.Read(_tiff, _layout, Size, _range, top, bottom, pixels, bytesPerPixel: 3);
        }
        catch (Exception exception) when (TiffDecoder.IsCausedByContent(exception))
        {
            isComplete = false;
        }

        if (!isComplete && !_options.AllowTruncated)
        {
            throw TiffDecoder.CreateDamagedException(Name);
        }

        if (_profile is not null)
        {
            SkiaLibrary.Check.EnsureLoaded();
            ColorProfile.ConvertToSrgb(pixels, Size.Width, bytesPerPixel: 3, _profile);
        }
    }
}
