using System.Buffers.Binary;
using System.IO.Compression;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs.Rows;

/// <summary>
/// The unfiltered rows of a PNG file (PNG 3rd edition, sections 7 to 10), read from a stream: memory for two rows and the decompressor. Checksums are
/// not verified; damaged data fails to decompress.
/// </summary>
internal sealed class PngScanlines : IDisposable
{
    private const int HeaderLength = 33; // signature and IHDR
    private const int MaxRowBytes = 1 << 28;

    private readonly string _name;
    private readonly ZLibStream _zlib;
    private byte[] _current = [];
    private byte[] _previous = [];

    /// <summary>Reads the header and the palette.</summary>
    /// <param name="stream">The file from its start on; it stays open.</param>
    /// <param name="info">The image's header.</param>
    /// <param name="name">The image's name in error messages.</param>
    public PngScanlines(Stream stream, ImageHeaderInfo info, string name)
    {
        (_name, BitsPerSample) = (name, info.BitsPerSample);
        byte[] header = new byte[HeaderLength];
        if (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
        {
            throw CreateDamagedException(name);
        }

        Channels = (header[25], header[24]) switch
        {
            (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) => 1,
            (2, 8 or 16) => 3,
            (4, 8 or 16) => 2,
            (6, 8 or 16) => 4,
            _ => throw CreateDamagedException(name),
        };
        IsInterlaced = header[28] == 1;
        PngDataStream data = new(stream);
        Palette = header[25] == 3 ? data.Palette : [];
        _zlib = new ZLibStream(data, CompressionMode.Decompress);
    }

    /// <summary>Gets the samples per pixel: gray or index, gray and alpha, RGB, RGB and alpha.</summary>
    public int Channels { get; }

    /// <summary>Gets the bits per sample: 1, 2, 4, 8 or 16.</summary>
    public int BitsPerSample { get; }

    /// <summary>Gets whether the rows are those of seven reduced images.</summary>
    public bool IsInterlaced { get; }

    /// <summary>Gets the colors of a palette, 256 times red, green and blue, black where the file has none; empty without a palette.</summary>
    public byte[] Palette { get; }

    /// <summary>Starts rows of another length.</summary>
    /// <param name="pixels">Pixels of a row.</param>
    public void StartPass(int pixels)
    {
        long length = (((long)pixels * Channels * BitsPerSample) + 7) / 8;
        if (length > MaxRowBytes)
        {
            throw new ImageException($"{_name}: its rows have {length >> 20} MiB; at most {MaxRowBytes >> 20} MiB are read.");
        }

        (_current, _previous) = (new byte[length], new byte[length]);
    }

    /// <summary>Returns the next row, or an empty one at the end of a truncated file.</summary>
    /// <param name="allowTruncated">Whether a file may end early or be damaged.</param>
    /// <exception cref="ImageException">The file is truncated or damaged.</exception>
    public ReadOnlySpan<byte> ReadRow(bool allowTruncated)
    {
        try
        {
            int filter = _zlib.ReadByte();
            _zlib.ReadExactly(_current);
            Unfilter(filter, _current, _previous, Math.Max(1, Channels * BitsPerSample / 8));
        }
        // Any I/O error is one of decompression, for example for a preset dictionary, which PNG does not have.
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return allowTruncated ? []
                : throw (exception is EndOfStreamException
                    ? new ImageException($"{_name}: the image is truncated. Copy it again from its source, or remove it.", exception)
                    : CreateDamagedException(_name));
        }

        (_previous, _current) = (_current, _previous);
        return _previous;
    }

    /// <inheritdoc/>
    public void Dispose() => _zlib.Dispose();

    /// <summary>Returns a sample of a row.</summary>
    public static int GetSample(ReadOnlySpan<byte> row, int index, int bits)
    {
        if (bits == 8)
        {
            return row[index];
        }

        int at = index * bits;
        return bits == 16
            ? BinaryPrimitives.ReadUInt16BigEndian(row[(index * 2)..])
            : (row[at >> 3] >> (8 - bits - (at & 7))) & ((1 << bits) - 1);
    }

    private void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = pixelBytes; i < row.Length; i++)
                {
                    row[i] += row[i - pixelBytes];
                }

                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3 or 4:
                for (int i = 0; i < row.Length; i++)
                {
                    int left = i < pixelBytes ? 0 : row[i - pixelBytes];
                    int upLeft = i < pixelBytes ? 0 : above[i - pixelBytes];
                    row[i] += (byte)(filter == 3 ? (left + above[i]) / 2 : Paeth(left, above[i], upLeft));
                }

                break;
            default:
                throw CreateDamagedException(_name);
        }
    }

    private static int Paeth(int left, int up, int upLeft)
    {
        int estimate = left + up - upLeft;
        (int a, int b, int c) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - upLeft));
        return a <= b && a <= c ? left : b <= c ? up : upLeft;
    }

    private static ImageException CreateDamagedException(string name) =>
        new($"{name}: the image is damaged. Copy it again from its source, or remove it.");
}
