using System.Buffers.Binary;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Core.Tests.Datasets.Files;

/// <summary>Size and orientation in the containers other than JPEG, written byte by byte from their specifications.</summary>
public sealed class ImageContainerTests
{
    private static readonly ImageSize Stored = new(64, 48);

    [Theory]
    [InlineData(6, 48, 64)]
    [InlineData(3, 64, 48)]
    public void The_orientation_of_png_and_webp_is_that_of_their_exif_chunk(int orientation, int width, int height)
    {
        byte[] exif = ExifOrientationTests.Exif(orientation, little: false);
        foreach (byte[] file in new[] { Png(exif[6..]), Png(exif), WebP(exif[6..]), WebP(exif) })
        {
            AssertInfo(file, orientation, width, height);
        }
    }

    [Fact]
    public void A_png_may_state_its_orientation_after_the_pixels() =>
        AssertInfo(Png(ExifOrientationTests.Exif(8, little: true)[6..], pixelsFirst: true), 8, 48, 64);

    [Theory]
    [InlineData(true, 6, 48, 64)]
    [InlineData(false, 3, 64, 48)]
    [InlineData(true, 9, 64, 48)]
    public void A_tiff_states_its_orientation_in_its_directory(bool little, int orientation, int width, int height) =>
        AssertInfo(Tiff(little, orientation), orientation > 8 ? 1 : orientation, width, height);

    [Theory]
    [InlineData(0, null, 1, 64, 48)]
    [InlineData(1, null, 8, 48, 64)] // irot counts quarters counterclockwise
    [InlineData(3, null, 6, 48, 64)]
    [InlineData(2, null, 3, 64, 48)]
    [InlineData(0, 1, 2, 64, 48)] // imir 1 exchanges left and right
    [InlineData(0, 0, 4, 64, 48)]
    [InlineData(3, 1, 5, 48, 64)] // a quarter clockwise, then left and right exchanged: transposed
    public void A_heic_states_its_orientation_as_properties(int rotation, int? mirror, int orientation, int width, int height) =>
        AssertInfo(Heic(rotation, mirror), orientation, width, height);

    [Fact]
    public void A_tiff_that_claims_more_than_the_file_contains_is_refused()
    {
        byte[] file = Tiff(little: true, 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8 + 2 + 4), 1 << 29); // the number of values of the first entry

        Assert.Null(ImageHeader.TryReadInfo(new MemoryStream(file)));
    }

    internal static byte[] Png(byte[] exif, bool pixelsFirst = false)
    {
        byte[] header = [.. Big(64), .. Big(48), 8, 2, 0, 0, 0];
        byte[] pixels = Chunk("IDAT", new byte[20]);
        byte[] metadata = Chunk("eXIf", exif);
        return [0x89, .. "PNG\r\n\x1A\n"u8, .. Chunk("IHDR", header), .. pixelsFirst ? pixels : metadata, .. pixelsFirst ? metadata : pixels, .. Chunk("IEND", [])];
    }

    internal static byte[] WebP(byte[] exif)
    {
        byte[] padded = exif.Length % 2 == 0 ? exif : [.. exif, 0];
        byte[] body =
        [
            .. "WEBPVP8X"u8, 10, 0, 0, 0, 8, 0, 0, 0, 63, 0, 0, 47, 0, 0,
            .. "VP8 "u8, 4, 0, 0, 0, 1, 2, 3, 4,
            .. "EXIF"u8, .. BitConverter.GetBytes(exif.Length), .. padded,
        ];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];
    }

    internal static byte[] Tiff(bool little, int orientation)
    {
        (int Tag, int Value)[] entries = [(256, 64), (257, 48), (258, 8), (262, 1), (274, orientation), (277, 1)];
        List<byte> file = [.. little ? "II*\0"u8 : "MM\0*"u8, .. Number(8, 4), .. Number(entries.Length, 2)];
        foreach ((int tag, int value) in entries)
        {
            file.AddRange([.. Number(tag, 2), .. Number(3, 2), .. Number(1, 4), .. Number(value, 2), 0, 0]);
        }

        return [.. file, 0, 0, 0, 0];

        byte[] Number(int value, int bytes)
        {
            byte[] number = BitConverter.GetBytes(value)[..bytes];
            return little ? number : [.. number.Reverse()];
        }
    }

    internal static byte[] Heic(int rotation, int? mirror)
    {
        List<byte[]> properties = [Box("ispe", [0, 0, 0, 0, .. Big(64), .. Big(48)]), Box("irot", [(byte)rotation])];
        if (mirror is { } axis)
        {
            properties.Add(Box("imir", [(byte)axis]));
        }

        byte[] associations = [0, 0, 0, 0, .. Big(1), 0, 1, (byte)properties.Count, .. Enumerable.Range(1, properties.Count).Select(i => (byte)i)];
        byte[] meta =
        [
            0, 0, 0, 0, .. Box("pitm", [0, 0, 0, 0, 0, 1]),
            .. Box("iprp", [.. Box("ipco", [.. properties.SelectMany(box => box)]), .. Box("ipma", associations)]),
        ];
        return [.. Box("ftyp", [.. "heic"u8, 0, 0, 0, 0, .. "mif1heic"u8]), .. Box("meta", meta)];
    }

    private static byte[] Box(string type, byte[] content) => [.. Big(content.Length + 8), .. System.Text.Encoding.ASCII.GetBytes(type), .. content];

    private static byte[] Chunk(string type, byte[] content) => [.. Big(content.Length), .. System.Text.Encoding.ASCII.GetBytes(type), .. content, 0, 0, 0, 0];

    private static byte[] Big(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static void AssertInfo(byte[] file, int orientation, int width, int height)
    {
        ImageHeaderInfo info = ImageHeader.TryReadInfo(new MemoryStream(file))!.Value;

        Assert.Equal((orientation, Stored, new ImageSize(width, height)), (info.Orientation, info.StoredSize, info.DisplaySize));
    }
}
