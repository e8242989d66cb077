using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Reads a PNG's IHDR chunk, and finds its eXIf chunk (PNG 3rd edition, section 11.3.4.6), which may stand before or after the pixels.
/// </summary>
internal static class PngHeader
{
    // Encoders split the pixels into chunks of 8 KB or more: this admits gigabytes.
    private const int MaxChunks = 1 << 18;
    private const int MaxExifBytes = 1 << 16;

    public static ImageHeaderInfo Read(Stream stream, ReadOnlySpan<byte> head)
    {
        int bits = head[24];
        int orientation = ExifOrientation.None;
        bool profile = false;
        bool found = false;
        long at = 8;
        Span<byte> chunk = stackalloc byte[8];
        for (int i = 0; i < MaxChunks && !found && at <= stream.Length - 12; i++)
        {
            stream.Position = at;
            if (stream.ReadAtLeast(chunk, 8, throwOnEndOfStream: false) < 8)
            {
                break;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            profile |= chunk[4..].SequenceEqual("iCCP"u8);
            if (chunk[4..].SequenceEqual("eXIf"u8) && length <= MaxExifBytes)
            {
                orientation = ExifOrientation.ReadBlock(stream, (int)length);
                found = true;
            }

            at += length + 12L;
        }

        return ImageHeader.Create(
            ImageFormat.Png, BinaryPrimitives.ReadInt32BigEndian(head[16..]), BinaryPrimitives.ReadInt32BigEndian(head[20..]), orientation) with
        {
            BitsPerSample = bits,
            HasColorProfile = profile,
        };
    }
}
