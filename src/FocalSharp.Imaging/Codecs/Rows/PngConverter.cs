namespace FocalSharp.Imaging.Codecs.Rows;

/// <summary>Converts rows of PNG samples to 8-bit RGB.</summary>
internal sealed class PngConverter
{
    private readonly int _channels;
    private readonly int _bits;
    private readonly SampleRange? _range;
    private readonly byte[] _colors;

    /// <summary>Prepares the conversion of a file's rows.</summary>
    /// <param name="scanlines">The file.</param>
    /// <param name="range">The samples that become black and white, of 16 bits; null for the range of the sample type.</param>
    public PngConverter(PngScanlines scanlines, SampleRange? range)
    {
        (_channels, _bits, _range) = (scanlines.Channels, scanlines.BitsPerSample, range);
        int max = (1 << Math.Min(_bits, 8)) - 1;
        _colors = scanlines.Palette.Length > 0 ? scanlines.Palette : [.. Enumerable.Range(0, max + 1).SelectMany(value => Enumerable.Repeat((byte)(value * 255 / max), 3))];
    }

    /// <summary>Converts a row.</summary>
    /// <param name="row">The samples.</param>
    /// <param name="count">The number of pixels.</param>
    /// <param name="to">Receives red, green and blue of each pixel.</param>
    /// <param name="step">Bytes from one target pixel to the next, at least 3.</param>
    public void Convert(ReadOnlySpan<byte> row, int count, Span<byte> to, int step)
    {
        if (_bits <= 8 && _channels == 1)
        {
            ReadOnlySpan<byte> colors = _colors;
            for (int i = 0, at = 0; i < count; i++, at += step)
            {
                int color = 3 * PngScanlines.GetSample(row, i, _bits);
                (to[at], to[at + 1], to[at + 2]) = (colors[color], colors[color + 1], colors[color + 2]);
            }

            return;
        }

        (int green, int blue) = _channels < 3 ? (0, 0) : (1, 2);
        for (int i = 0, at = 0, from = 0; i < count; i++, at += step, from += _channels)
        {
            to[at] = ToByte(PngScanlines.GetSample(row, from, _bits));
            to[at + 1] = _channels < 3 ? to[at] : ToByte(PngScanlines.GetSample(row, from + green, _bits));
            to[at + 2] = _channels < 3 ? to[at] : ToByte(PngScanlines.GetSample(row, from + blue, _bits));
        }
    }

    private byte ToByte(int value) => _range?.ToByte(value) ?? (byte)(_bits == 16 ? value >> 8 : value);
}
