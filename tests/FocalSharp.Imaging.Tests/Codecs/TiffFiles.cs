using BitMiracle.LibTiff.Classic;

namespace FocalSharp.Imaging.Tests.Codecs;

/// <summary>TIFF files of one or several pages.</summary>
internal static class TiffFiles
{
    /// <summary>Writes pages.</summary>
    /// <param name="mode"><c>w</c>, or <c>wb</c> for big-endian.</param>
    /// <param name="pages">Writes each page's tags and pixels.</param>
    public static byte[] Write(string mode, params Action<Tiff>[] pages)
    {
        using MemoryStream stream = new();
        using (Tiff tiff = Tiff.ClientOpen("test", mode, stream, new TiffStream()))
        {
            foreach (Action<Tiff> page in pages)
            {
                page(tiff);
                tiff.WriteDirectory();
            }

            tiff.Flush();
            return stream.ToArray();
        }
    }

    /// <summary>Sets the tags of a page.</summary>
    public static void SetTags(
        Tiff tiff, int width, int height, int samples, int bits, Photometric photometric,
        Compression compression = Compression.NONE, SampleFormat format = SampleFormat.UINT, PlanarConfig planar = PlanarConfig.CONTIG)
    {
        tiff.SetField(TiffTag.IMAGEWIDTH, width);
        tiff.SetField(TiffTag.IMAGELENGTH, height);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, samples);
        tiff.SetField(TiffTag.BITSPERSAMPLE, bits);
        tiff.SetField(TiffTag.PHOTOMETRIC, photometric);
        tiff.SetField(TiffTag.COMPRESSION, compression);
        tiff.SetField(TiffTag.SAMPLEFORMAT, format);
        tiff.SetField(TiffTag.PLANARCONFIG, planar);
    }

    /// <summary>Writes rows of bytes, for one plane or for all samples.</summary>
    public static void WriteRows(Tiff tiff, int height, Func<int, byte[]> row, short plane = 0)
    {
        for (int y = 0; y < height; y++)
        {
            tiff.WriteScanline(row(y), 0, y, plane);
        }
    }

    /// <summary>One page of the blocks of <see cref="BlockImages"/>.</summary>
    public static byte[] Blocks(int orientation = 1, Compression compression = Compression.LZW, string mode = "w") => Write(mode, tiff =>
    {
        SetTags(tiff, 48, 32, 3, 8, Photometric.RGB, compression);
        tiff.SetField(TiffTag.ROWSPERSTRIP, 16);
        tiff.SetField(TiffTag.ORIENTATION, (Orientation)orientation);
        WriteRows(tiff, 32, BlockRow);
    });

    /// <summary>A row of the blocks.</summary>
    public static byte[] BlockRow(int y) => [.. Enumerable.Range(0, 48).SelectMany(x => ToBytes(BlockImages.Colors[(y / 16 * 3) + (x / 16)]))];

    private static byte[] ToBytes(RgbColor color) => [color.R, color.G, color.B];
}
