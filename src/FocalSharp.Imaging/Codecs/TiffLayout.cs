using BitMiracle.LibTiff.Classic;

namespace FocalSharp.Imaging.Codecs;

/// <summary>How a page of a TIFF file stores its samples.</summary>
internal sealed class TiffLayout
{
    private const int MaxTileBytes = 64 << 20;

    /// <summary>The most channels that any supported image has: CMYK and alpha.</summary>
    public const int MaxChannels = 5;

    private TiffLayout()
    {
    }

    public required Photometric Photometric { get; init; }

    /// <summary>Gets the samples per pixel that are stored, including alpha.</summary>
    public required int Samples { get; init; }

    /// <summary>Gets the samples that are color: 1 or 3; 4 for CMYK.</summary>
    public required int Colors { get; init; }

    public required int BitsPerSample { get; init; }

    public required SampleFormat Format { get; init; }

    /// <summary>Gets whether each channel is stored on its own.</summary>
    public required bool IsPlanar { get; init; }

    /// <summary>Gets the size of a tile; null for strips.</summary>
    public required ImageSize? Tile { get; init; }

    /// <summary>Gets the red, green and blue bytes of a palette, 256 of each; empty without one.</summary>
    public required byte[] Palette { get; init; }

    /// <summary>Gets whether the library converts the colors: YCbCr, CIE L*a*b* and LogLuv.</summary>
    public bool UsesLibraryColors => Photometric is Photometric.YCBCR or Photometric.CIELAB or Photometric.LOGL or Photometric.LOGLUV;

    public bool IsFloat => Format == SampleFormat.IEEEFP;

    /// <summary>Gets whether white and black depend on the values: 32 bits and more, and floating point.</summary>
    public bool NeedsRange => IsFloat || BitsPerSample > 16;

    /// <summary>Gets the range of the sample type.</summary>
    public SampleRange NominalRange => new(0, Math.Pow(2, BitsPerSample - (Format == SampleFormat.INT ? 1 : 0)) - 1);

    public static TiffLayout Read(Tiff tiff, string name)
    {
        int samples = GetInt(tiff, TiffTag.SAMPLESPERPIXEL, 1);
        int bits = GetInt(tiff, TiffTag.BITSPERSAMPLE, 1);
        SampleFormat format = (SampleFormat)GetInt(tiff, TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT);
        Compression compression = (Compression)GetInt(tiff, TiffTag.COMPRESSION, 1);
        Photometric photometric = (Photometric)GetInt(tiff, TiffTag.PHOTOMETRIC, samples >= 3 ? (int)Photometric.RGB : (int)Photometric.MINISBLACK);
        if (!tiff.IsCodecConfigured(compression))
        {
            throw new ImageException($"{name}: its TIFF compression ({(int)compression}) is not supported. Save it with LZW, Deflate or no compression.");
        }

        // Some programs declare three colors as gray.
        bool isGray = photometric is Photometric.MINISBLACK or Photometric.MINISWHITE;
        int colors = photometric switch
        {
            Photometric.MINISBLACK or Photometric.MINISWHITE => samples == 3 ? 3 : 1,
            Photometric.PALETTE => 1,
            Photometric.SEPARATED => 4,
            _ => 3,
        };
        bool hasAlpha = samples == colors + 1 && (!isGray || tiff.GetField(TiffTag.EXTRASAMPLES) is [_, var kinds, ..] && kinds.ToByteArray() is [1 or 2, ..]);
        RequireChannels(samples, hasAlpha ? samples : colors, name);

        bool known = samples >= colors && format is SampleFormat.UINT or SampleFormat.INT or SampleFormat.IEEEFP or SampleFormat.VOID
            && (format == SampleFormat.IEEEFP ? bits is 32 or 64 : bits is 1 or 2 or 4 or 8 or 10 or 12 or 14 or 16 or 32)
            && (photometric != Photometric.SEPARATED || bits == 8)
            && (photometric != Photometric.PALETTE || bits <= 8)
            && photometric is <= Photometric.YCBCR or Photometric.CIELAB or Photometric.LOGL or Photometric.LOGLUV;
        if (!known || photometric == Photometric.MASK)
        {
            throw new ImageException(
                $"{name}: its pixels ({bits} bits, format {format}, {photometric}) are not supported. Save it with 8 or 16 bits per channel as RGB or gray.");
        }

        if (photometric == Photometric.YCBCR && compression == Compression.JPEG)
        {
            tiff.SetField(TiffTag.JPEGCOLORMODE, JpegColorMode.RGB);
            photometric = Photometric.RGB;
        }

        ImageSize? tile = null;
        if (tiff.IsTiled())
        {
            tile = ImageSize.From(GetInt(tiff, TiffTag.TILEWIDTH, 0), GetInt(tiff, TiffTag.TILELENGTH, 0));
            if (tile is not { } size || size.Pixels * samples * Math.Max(bits, 8) / 8 > MaxTileBytes)
            {
                throw new ImageException($"{name}: its tiles are {tile?.ToString() ?? "0x0"}, larger than {MaxTileBytes >> 20} MiB. Save it with smaller tiles.");
            }
        }

        return new TiffLayout
        {
            Photometric = photometric,
            Samples = samples,
            Colors = colors,
            BitsPerSample = bits,
            Format = format,
            IsPlanar = samples > 1 && GetInt(tiff, TiffTag.PLANARCONFIG, (int)PlanarConfig.CONTIG) == (int)PlanarConfig.SEPARATE,
            Tile = tile,
            Palette = photometric == Photometric.PALETTE ? ReadPalette(tiff, bits, name) : [],
        };
    }

    /// <summary>Throws if an image has more channels than colors that can be read.</summary>
    public static void RequireChannels(int channels, int max, string name)
    {
        if (channels > max)
        {
            throw new ImageException(
                $"{name}: has {channels} channels; only gray and RGB images, with or without alpha, and CMYK are read. Export three channels as RGB.");
        }
    }

    private static byte[] ReadPalette(Tiff tiff, int bits, string name)
    {
        if (tiff.GetField(TiffTag.COLORMAP) is not [var red, var green, var blue])
        {
            throw new ImageException($"{name}: is a TIFF image with a palette, which is missing. Save it again.");
        }

        ushort[][] maps = [.. new[] { red, green, blue }.Select(map => Array.ConvertAll(map.ToShortArray(), value => (ushort)value))];
        byte[] palette = new byte[3 * 256];

        // The map has 16 bits; some programs write 8.
        int shift = maps.Any(map => map.Any(value => value > 255)) ? 8 : 0;
        for (int c = 0; c < 3; c++)
        {
            for (int i = 0; i < Math.Min(1 << bits, maps[c].Length); i++)
            {
                palette[(c * 256) + i] = (byte)(maps[c][i] >> shift);
            }
        }

        return palette;
    }

    private static int GetInt(Tiff tiff, TiffTag tag, int otherwise) =>
        (tiff.GetFieldDefaulted(tag) ?? tiff.GetField(tag)) is [var value, ..] ? value.ToInt() : otherwise;
}
