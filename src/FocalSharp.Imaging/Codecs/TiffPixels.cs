using BitMiracle.LibTiff.Classic;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Reads the samples of a TIFF page and converts them to 8-bit RGB.</summary>
internal static unsafe class TiffPixels
{
    private delegate void SampleReader(ReadOnlySpan<byte> row, int x, int y, int count, int plane);

    /// <summary>Reads rows of pixels. Returns whether none is missing.</summary>
    /// <param name="tiff">The file.</param>
    /// <param name="layout">How the page stores its samples.</param>
    /// <param name="size">The size of the page.</param>
    /// <param name="range">The samples that become black and white.</param>
    /// <param name="top">The first row; with tiles, the first of a row of tiles.</param>
    /// <param name="bottom">The row after the last.</param>
    /// <param name="pixels">Receives the pixels of the rows.</param>
    /// <param name="bytesPerPixel">3 or 4.</param>
    public static bool Read(Tiff tiff, TiffLayout layout, ImageSize size, SampleRange range, int top, int bottom, Span<byte> pixels, int bytesPerPixel)
    {
        if (layout.Photometric == Photometric.SEPARATED)
        {
            using DecodeBuffer cmyk = new(checked(size.Width * (bottom - top) * 4));
            cmyk.Span.Clear();
            bool complete = ReadInto(tiff, layout, size, range, top, bottom, cmyk.Span, 4);
            for (int from = 0, to = 0; from < cmyk.Span.Length; from += 4, to += bytesPerPixel)
            {
                ReadOnlySpan<byte> ink = cmyk.Span.Slice(from, 4);
                int paper = 255 - ink[3];
                for (int c = 0; c < 3; c++)
                {
                    pixels[to + c] = (byte)((((255 - ink[c]) * paper) + 127) / 255);
                }
            }

            return complete;
        }

        bool isComplete = ReadInto(tiff, layout, size, range, top, bottom, pixels, bytesPerPixel);
        if (layout.Photometric == Photometric.MINISWHITE)
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)(255 - pixels[i]);
            }
        }

        return isComplete;
    }

    /// <summary>Reads all pixels through the library's own color conversion. Returns whether none is missing.</summary>
    public static bool ReadByLibrary(Tiff tiff, ImageHeaderInfo info, Span<byte> pixels, int bytesPerPixel)
    {
        int[] raster = new int[checked((int)info.StoredSize.Pixels)];

        // The library would rotate; top left means as stored.
        tiff.SetField(TiffTag.ORIENTATION, BitMiracle.LibTiff.Classic.Orientation.TOPLEFT);
        bool complete = tiff.ReadRGBAImageOriented(
            info.StoredSize.Width, info.StoredSize.Height, raster, BitMiracle.LibTiff.Classic.Orientation.TOPLEFT, stopOnError: true);
        for (int i = 0, to = 0; i < raster.Length; i++, to += bytesPerPixel)
        {
            pixels[to] = (byte)raster[i];
            pixels[to + 1] = (byte)(raster[i] >> 8);
            pixels[to + 2] = (byte)(raster[i] >> 16);
        }

        return complete;
    }

    /// <summary>Returns the range of the color samples.</summary>
    public static SampleRange MeasureRange(Tiff tiff, TiffLayout layout, ImageSize size)
    {
        SampleRange range = SampleRange.Empty;
        _ = ForEachRow(tiff, layout, size, 0, size.Height, (row, _, _, count, plane) =>
        {
            int step = layout.IsPlanar ? 1 : layout.Samples;
            int colors = layout.IsPlanar ? (plane < layout.Colors ? 1 : 0) : layout.Colors;
            for (int i = 0; i < count; i++)
            {
                for (int c = 0; c < colors; c++)
                {
                    range = range.Include(GetSample(row, (i * step) + c, layout));
                }
            }
        });
        return range.High >= range.Low ? range : new SampleRange(0, 0);
    }

    private static bool ReadInto(
        Tiff tiff, TiffLayout layout, ImageSize size, SampleRange range, int top, int bottom, Span<byte> pixels, int bytesPerPixel)
    {
        bool isNominal16 = layout is { BitsPerSample: 16, Format: SampleFormat.UINT or SampleFormat.VOID } && range == layout.NominalRange;
        fixed (byte* first = pixels)
        {
            byte* target = first; // a lambda cannot capture a span
            return ForEachRow(tiff, layout, size, top, bottom, (row, x, y, count, plane) =>
            {
                byte* to = target + (((long)(y - top) * size.Width) + x) * bytesPerPixel;
                int step = layout.IsPlanar ? 1 : layout.Samples;
                int colors = layout.IsPlanar ? 1 : layout.Colors;
                if (plane >= layout.Colors)
                {
                    return;
                }

                for (int i = 0; i < count; i++, to += bytesPerPixel)
                {
                    for (int c = 0; c < colors; c++)
                    {
                        double sample = GetSample(row, (i * step) + c, layout);
                        byte value = layout.Photometric == Photometric.PALETTE ? (byte)sample
                            : isNominal16 ? (byte)((int)sample >> 8)
                            : layout.BitsPerSample == 8 && layout.Format != SampleFormat.INT ? (byte)sample
                            : range.ToByte(sample);
                        if (layout.Palette.Length > 0)
                        {
                            (to[0], to[1], to[2]) = (layout.Palette[value], layout.Palette[256 + value], layout.Palette[512 + value]);
                        }
                        else if (layout.Colors == 1)
                        {
                            (to[0], to[1], to[2]) = (value, value, value);
                        }
                        else
                        {
                            to[plane + c] = value;
                        }
                    }
                }
            });
        }
    }

    private static bool ForEachRow(Tiff tiff, TiffLayout layout, ImageSize size, int top, int bottom, SampleReader read)
    {
        int planes = layout.IsPlanar ? layout.Samples : 1;
        bool complete = true;
        if (layout.Tile is not { } tile)
        {
            byte[] row = new byte[tiff.ScanlineSize()];
            for (int plane = 0; plane < planes; plane++)
            {
                for (int y = top; y < bottom; y++)
                {
                    if (!tiff.ReadScanline(row, 0, y, (short)plane))
                    {
                        return false;
                    }

                    read(row, 0, y, size.Width, plane);
                }
            }

            return complete;
        }

        byte[] buffer = new byte[tiff.TileSize()];
        int rowBytes = tiff.TileRowSize();
        for (int plane = 0; plane < planes; plane++)
        {
            for (int y = top; y < bottom; y += tile.Height)
            {
                for (int x = 0; x < size.Width; x += tile.Width)
                {
                    if (tiff.ReadTile(buffer, 0, x, y, 0, (short)plane) < 0)
                    {
                        complete = false;
                        continue;
                    }

                    for (int line = 0; line < Math.Min(tile.Height, bottom - y); line++)
                    {
                        read(buffer.AsSpan(line * rowBytes, rowBytes), x, y + line, Math.Min(tile.Width, size.Width - x), plane);
                    }
                }
            }
        }

        return complete;
    }

    // Samples of several bytes have the machine's byte order, into which the library brings them.
    private static double GetSample(ReadOnlySpan<byte> row, int index, TiffLayout layout)
    {
        switch (layout.BitsPerSample)
        {
            case 8:
                return layout.Format == SampleFormat.INT ? (sbyte)row[index] : row[index];
            case 16:
                ushort word = BitConverter.ToUInt16(row[(index * 2)..]);
                return layout.Format == SampleFormat.INT ? (short)word : word;
            case 32:
                ReadOnlySpan<byte> four = row[(index * 4)..];
                return layout.Format switch
                {
                    SampleFormat.IEEEFP => BitConverter.ToSingle(four),
                    SampleFormat.INT => BitConverter.ToInt32(four),
                    _ => BitConverter.ToUInt32(four),
                };
            case 64:
                return BitConverter.ToDouble(row[(index * 8)..]);
            default:
                int bits = layout.BitsPerSample;
                int at = index * bits;
                int first = at >> 3;
                int window = (row[first] << 16) | ((first + 1 < row.Length ? row[first + 1] : 0) << 8) | (first + 2 < row.Length ? row[first + 2] : 0);
                return (window >> (24 - bits - (at & 7))) & ((1 << bits) - 1);
        }
    }
}
