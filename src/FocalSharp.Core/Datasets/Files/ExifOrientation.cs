using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Finds the orientation in an EXIF segment: 1 as stored, 2 mirrored, 3 upside down, 4 both, 5 to 8 on its side (5 transposed, 6 turned to
/// the right, 7 transposed the other way, 8 turned to the left). CIPA DC-008, tag 0x0112.
/// </summary>
internal static class ExifOrientation
{
    /// <summary>As stored.</summary>
    public const int None = 1;

    private const int Tag = 0x0112;
    private const int Short = 3;
    private const int EntryBytes = 12;

    /// <summary>True where width and height change places.</summary>
    public static bool Transposes(int orientation) => orientation is >= 5 and <= 8;

    /// <summary>The orientation that an APP1 segment states; <see cref="None"/> where it states none that makes sense.</summary>
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
