using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>Reads the size of a WebP image, and finds the EXIF and ICCP chunks of the extended format.</summary>
internal static class WebPHeader
{
    private const int MaxChunks = 1 << 16; // an animation has a chunk per frame
    private const int MaxExifBytes = 1 << 20;

    public static ImageHeaderInfo Read(Stream stream, ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> chunk = head[12..16];
        if (chunk.SequenceEqual("VP8X"u8))
        {
            int width = (BinaryPrimitives.ReadInt32LittleEndian(head[24..]) & 0xFFFFFF) + 1;
            int height = (BinaryPrimitives.ReadInt32LittleEndian(head[26..]) >>> 8) + 1;
            (int orientation, bool profile) = FindMetadata(stream);
            return ImageHeader.Create(ImageFormat.WebP, width, height, orientation) with { HasColorProfile = profile };
        }

        if (chunk.SequenceEqual("VP8L"u8) && head[20] == 0x2F)
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return ImageHeader.Create(ImageFormat.WebP, (int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }

        return chunk.SequenceEqual("VP8 "u8) && head[23..26] is [0x9D, 0x01, 0x2A]
            ? ImageHeader.Create(
                ImageFormat.WebP,
                BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF)
            : default;
    }

    private static (int Orientation, bool HasProfile) FindMetadata(Stream stream)
    {
        bool profile = false;
        long at = 12;
        Span<byte> chunk = stackalloc byte[8];
        for (int i = 0; i < MaxChunks && at <= stream.Length - 8; i++)
        {
            stream.Position = at;
            if (stream.ReadAtLeast(chunk, 8, throwOnEndOfStream: false) < 8)
            {
                break;
            }

            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            profile |= chunk[..4].SequenceEqual("ICCP"u8);
            if (chunk[..4].SequenceEqual("EXIF"u8) && length <= MaxExifBytes)
            {
                return (ExifOrientation.ReadBlock(stream, (int)length), profile);
            }

            at += 8L + length + (length & 1);
        }

        return (ExifOrientation.None, profile);
    }
}
