using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Reads the directories of a TIFF or BigTIFF file: the size and orientation of its first full-size page, and the number of pages. An entry
/// that claims more data than the file contains makes the file unreadable, which protects the decoder.
/// </summary>
internal static class TiffHeader
{
    private const int MaxDirectories = 4096;
    private const int MaxEntries = 4096;

    private static readonly int[] TypeSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    public static ImageHeaderInfo Read(Stream stream, ReadOnlySpan<byte> head)
    {
        bool little = head[0] == (byte)'I';
        bool big = (little ? head[2] : head[3]) == 43;
        Cursor cursor = new(stream, little, big);
        long directory = big ? cursor.ReadInt64(8) : cursor.ReadUInt32(4);
        ImageHeaderInfo first = default;
        int pages = 0;
        HashSet<long> seen = [];
        for (int i = 0; i < MaxDirectories && directory > 0 && seen.Add(directory); i++)
        {
            (ImageHeaderInfo info, bool reduced, long next) = ReadDirectory(cursor, directory);
            if (!reduced && info.StoredSize.Width > 0)
            {
                first = pages++ == 0 ? info with { Directory = i } : first;
            }
            else if (pages == 0 && !reduced)
            {
                return default; // the first page is damaged or a camera's raw data
            }

            directory = next;
        }

        return first with { PageCount = Math.Max(1, pages) };
    }

    private static (ImageHeaderInfo Info, bool IsReduced, long Next) ReadDirectory(Cursor cursor, long at)
    {
        long count = cursor.IsBig ? cursor.ReadInt64(at) : cursor.ReadUInt16(at);
        (int entrySize, int countSize) = cursor.IsBig ? (20, 8) : (12, 2);
        long end = at + countSize + (count * entrySize);
        if (count is < 1 or > MaxEntries || at < 8 || end > cursor.Length)
        {
            return default;
        }

        (long width, long height, long orientation, long bits, long photometric, long subfile, long samples) = (0, 0, 1, 1, 1, 0, 1);
        bool profile = false;
        bool isValid = true;
        for (long entry = at + countSize; entry < end; entry += entrySize)
        {
            int type = cursor.ReadUInt16(entry + 2);
            long values = cursor.IsBig ? cursor.ReadInt64(entry + 4) : cursor.ReadUInt32(entry + 4);
            int size = type < TypeSizes.Length ? TypeSizes[type] : 0;
            isValid &= values >= 0 && values <= cursor.Length / Math.Max(1, size);
            long value = isValid ? cursor.ReadFirstValue(entry, type, values, size) : -1;
            switch (cursor.ReadUInt16(entry))
            {
                case 254: subfile = value; break;
                case 256: width = value; break;
                case 257: height = value; break;
                case 258: bits = value; break;
                case 262: photometric = value; break;
                case 274: orientation = value; break;
                case 277: samples = value; break;
                case 34675: profile = true; break;
                case 50706: isValid = false; break; // DNG: a camera's raw data
            }
        }

        long next = cursor.IsBig ? cursor.ReadInt64(end) : cursor.ReadUInt32(end);
        bool isRaw = photometric is 32803 or 34892;
        bool hasSize = width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue && bits is >= 1 and <= 64 && samples is >= 1 and <= ushort.MaxValue;
        return (
            !isValid || isRaw || !hasSize ? default : ImageHeader.Create(
                ImageFormat.Tiff, (int)width, (int)height, orientation is >= 1 and <= 8 ? (int)orientation : ExifOrientation.None) with
            {
                BitsPerSample = (int)bits,
                Channels = (int)samples,
                HasColorProfile = profile,
                IsCmyk = photometric == 5,
            },
            (subfile & 1) != 0,
            next);
    }

    /// <summary>Reads numbers at positions; beyond the end of the stream they are 0.</summary>
    private readonly struct Cursor(Stream stream, bool little, bool big)
    {
        public bool IsBig => big;

        public long Length => stream.Length;

        public int ReadUInt16(long at)
        {
            Span<byte> bytes = stackalloc byte[2];
            Fill(at, bytes);
            return little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        public uint ReadUInt32(long at)
        {
            Span<byte> bytes = stackalloc byte[4];
            Fill(at, bytes);
            return little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }

        public long ReadInt64(long at)
        {
            Span<byte> bytes = stackalloc byte[8];
            Fill(at, bytes);
            return little ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : BinaryPrimitives.ReadInt64BigEndian(bytes);
        }

        /// <summary>Returns the first value of an entry of unsigned integers; -1 for other types.</summary>
        public long ReadFirstValue(long entry, int type, long values, int size)
        {
            long field = entry + (IsBig ? 12 : 8);
            int inline = IsBig ? 8 : 4;
            long at = values * size <= inline ? field : IsBig ? ReadInt64(field) : ReadUInt32(field);
            return type switch
            {
                1 => ReadUInt16(at) >> (little ? 0 : 8) & 0xFF,
                3 => ReadUInt16(at),
                4 or 13 => ReadUInt32(at),
                16 or 18 => ReadInt64(at),
                _ => -1,
            };
        }

        private void Fill(long at, Span<byte> bytes)
        {
            bytes.Clear();
            if (at >= 0 && at <= stream.Length - bytes.Length)
            {
                stream.Position = at;
                _ = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            }
        }
    }
}
