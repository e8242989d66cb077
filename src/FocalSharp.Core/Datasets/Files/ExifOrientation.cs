using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Finds the orientation in an EXIF segment: 1 as stored, 2 mirrored, 3 rotated by 180°, 4 flipped vertically, 5 transposed, 6 rotated by 90°
/// clockwise, 7 transversed, 8 rotated by 90° counterclockwise. CIPA DC-008, tag 0x0112.
/// </summary>
internal static class ExifOrientation
{
    /// <summary>As stored.</summary>
    public const int None = 1;

    private const int Tag = 0x0112;
    private const int Short = 3;
    private const int EntryBytes = 12;

    /// <summary>Returns whether the orientation exchanges width and height.</summary>
    public static bool Transposes(int orientation) => orientation is >= 5 and <= 8;

    /// <summary>Returns the orientation in an APP1 segment; <see cref="None"/> if there is no valid one.</summary>
    public static int Find(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8))
        {
            return None;
        }

        ReadOnlySpan<byte> tiff = segment[6..];
        bool little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || !(little || tiff.StartsWith("MM\0*"u8)))
        {
            return None;
        }

        long directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
        {
            return None;
        }

        ReadOnlySpan<byte> entries = tiff[((int)directory + 2)..];
        int count = Math.Min(Number(tiff, (int)directory, little), entries.Length / EntryBytes);
        for (int i = 0; i < count; i++)
        {
            int at = i * EntryBytes;
            if (Number(entries, at, little) == Tag && Number(entries, at + 2, little) == Short)
            {
                int value = Number(entries, at + 8, little);
                return value is >= 1 and <= 8 ? value : None;
            }
        }

        return None;
    }

    private static int Number(ReadOnlySpan<byte> bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
