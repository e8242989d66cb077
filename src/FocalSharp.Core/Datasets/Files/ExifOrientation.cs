using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Finds the orientation in EXIF data: 1 as stored, 2 mirrored, 3 rotated by 180°, 4 flipped vertically, 5 transposed, 6 rotated by 90°
/// clockwise, 7 transversed, 8 rotated by 90° counterclockwise. CIPA DC-008, tag 0x0112.
/// </summary>
internal static class ExifOrientation
{
    /// <summary>As stored.</summary>
    public const int None = 1;

    private const int Tag = 0x0112;
    private const int Short = 3;
    private const int Long = 4;
    private const int EntryBytes = 12;

    // How each orientation maps the stored axes to the displayed ones: x' = A x + B y, y' = C x + D y.
    private static readonly (int A, int B, int C, int D)[] Matrices =
    [
        (1, 0, 0, 1), (-1, 0, 0, 1), (-1, 0, 0, -1), (1, 0, 0, -1), (0, 1, 1, 0), (0, -1, 1, 0), (0, -1, -1, 0), (0, 1, -1, 0),
    ];

    /// <summary>Returns whether the orientation exchanges width and height.</summary>
    public static bool Transposes(int orientation) => orientation is >= 5 and <= 8;

    /// <summary>Returns the orientation that undoes another.</summary>
    public static int Invert(int orientation) => orientation switch { 6 => 8, 8 => 6, _ => orientation };

    /// <summary>Returns the orientation that is equal to two, one after the other.</summary>
    public static int Combine(int first, int second)
    {
        (int a, int b, int c, int d) = Matrices[first - 1];
        (int e, int f, int g, int h) = Matrices[second - 1];
        return Array.IndexOf(Matrices, ((e * a) + (f * c), (e * b) + (f * d), (g * a) + (h * c), (g * b) + (h * d))) + 1;
    }

    /// <summary>Reads EXIF data of a length at the stream's position, with or without the signature of a JPEG segment.</summary>
    public static int ReadBlock(Stream stream, int length)
    {
        byte[] block = new byte[(int)Math.Min(length, Math.Max(0, stream.Length - stream.Position))];
        int read = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> bytes = block.AsSpan(0, read);
        return bytes.StartsWith("Exif\0\0"u8) ? Find(bytes) : FindInTiff(bytes);
    }

    /// <summary>Returns the orientation in an APP1 segment; <see cref="None"/> if there is no valid one.</summary>
    public static int Find(ReadOnlySpan<byte> segment) => segment.StartsWith("Exif\0\0"u8) ? FindInTiff(segment[6..]) : None;

    private static int FindInTiff(ReadOnlySpan<byte> tiff)
    {
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
            int type = Number(entries, at + 2, little);
            if (Number(entries, at, little) == Tag && type is Short or Long)
            {
                int value = Number(entries, type == Long && !little ? at + 10 : at + 8, little);
                return value is >= 1 and <= 8 ? value : None;
            }
        }

        return None;
    }

    private static int Number(ReadOnlySpan<byte> bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
