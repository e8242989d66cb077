using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>Finds a JPEG's frame header (SOF) with the size, its EXIF segment with the orientation, and whether it has an ICC profile.</summary>
internal static class JpegHeader
{
    // Metadata can fill many segments of 64 KB; real files have far fewer than this.
    private const int MaxSegments = 4096;
    private const int MaxPadding = 1024;

    public static ImageHeaderInfo Read(Stream stream)
    {
        int orientation = ExifOrientation.None;
        bool found = false;
        bool profile = false;
        stream.Position = 2;
        Span<byte> bytes = stackalloc byte[6];
        Span<byte> signature = stackalloc byte[12];
        for (int segment = 0; segment < MaxSegments; segment++)
        {
            int marker = NextMarker(stream);
            if (marker is < 0 or 0xD9 or 0xDA)
            {
                return default;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                continue;
            }

            if (!TryFill(stream, bytes[..2]))
            {
                return default;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
            if (IsFrame(marker))
            {
                return TryFill(stream, bytes)
                    ? ImageHeader.Create(
                        ImageFormat.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]), orientation) with
                    {
                        BitsPerSample = bytes[0],
                        IsCmyk = bytes[5] == 4,
                        HasColorProfile = profile,
                    }
                    : default;
            }

            if (marker == 0xE1 && !found && length > 2)
            {
                long start = stream.Position;
                orientation = Exif(stream, length - 2, out found);
                stream.Position = start;
            }

            if (marker == 0xE2 && !profile && length > signature.Length + 2)
            {
                long start = stream.Position;
                profile = TryFill(stream, signature) && signature.SequenceEqual("ICC_PROFILE\0"u8);
                stream.Position = start;
            }

            if (length < 2 || stream.Position + length - 2 >= stream.Length)
            {
                return default;
            }

            stream.Position += length - 2;
        }

        return default;
    }

    // XMP uses segments of the same kind; only the first with the EXIF signature is read.
    private static int Exif(Stream stream, int length, out bool found)
    {
        Span<byte> signature = stackalloc byte[6];
        found = length > signature.Length && TryFill(stream, signature) && signature.SequenceEqual("Exif\0\0"u8);
        if (!found)
        {
            return ExifOrientation.None;
        }

        byte[] segment = new byte[length];
        signature.CopyTo(segment);
        int read = stream.ReadAtLeast(segment.AsSpan(signature.Length), length - signature.Length, throwOnEndOfStream: false);
        return ExifOrientation.Find(segment.AsSpan(0, signature.Length + read));
    }

    // SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC).
    private static bool IsFrame(int marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static int NextMarker(Stream stream)
    {
        for (int skipped = 0; skipped < MaxPadding; skipped++)
        {
            int value = stream.ReadByte();
            if (value < 0)
            {
                return -1;
            }

            if (value != 0xFF)
            {
                continue;
            }

            do
            {
                value = stream.ReadByte();
                skipped++;
            }
            while (value == 0xFF && skipped < MaxPadding);
            if (value != 0)
            {
                return value == 0xFF ? -1 : value;
            }
        }

        return -1;
    }

    private static bool TryFill(Stream stream, Span<byte> bytes) =>
        stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
}
