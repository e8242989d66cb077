using System.Buffers.Binary;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Reads the size and orientation of the primary image of a HEIC or AVIF file (ISO/IEC 23008-12): its properties <c>ispe</c>, <c>clap</c>,
/// <c>irot</c> and <c>imir</c>. These are binding; EXIF data in such a file repeats them.
/// </summary>
internal static class HeifHeader
{
    private const int MaxMetaBytes = 4 << 20;
    private const int MaxTopBoxes = 64;
    private const int MaxProperties = 4096;

    /// <summary>Returns the format by the brands of the file's first box, or null if it is not a still image.</summary>
    public static ImageFormat? GetFormat(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16 || !head[4..8].SequenceEqual("ftyp"u8))
        {
            return null;
        }

        int end = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head), (uint)head.Length);
        ImageFormat? format = null;
        for (int at = 8; at + 4 <= end; at += at == 8 ? 8 : 4) // after the major brand comes a version
        {
            ReadOnlySpan<byte> brand = head.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
            {
                return ImageFormat.Avif;
            }

            if (brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8))
            {
                format = ImageFormat.Heic;
            }
        }

        return format;
    }

    public static ImageHeaderInfo Read(Stream stream, ImageFormat format)
    {
        long at = 0;
        Span<byte> head = stackalloc byte[16];
        for (int i = 0; i < MaxTopBoxes && at <= stream.Length - 8; i++)
        {
            stream.Position = at;
            int read = stream.ReadAtLeast(head, 16, throwOnEndOfStream: false);
            long length = BinaryPrimitives.ReadUInt32BigEndian(head);
            int start = 8;
            if (length == 1 && read == 16)
            {
                (length, start) = (BinaryPrimitives.ReadInt64BigEndian(head[8..]), 16);
            }

            length = length == 0 ? stream.Length - at : length;
            if (length < start)
            {
                break;
            }

            if (head[4..8].SequenceEqual("meta"u8))
            {
                byte[] meta = new byte[(int)Math.Min(Math.Min(length - start, MaxMetaBytes), stream.Length - at - start)];
                stream.Position = at + start;
                read = stream.ReadAtLeast(meta, meta.Length, throwOnEndOfStream: false);
                return meta.Length < 4 ? default : ReadMeta(meta.AsSpan(4, Math.Max(0, read - 4)), format);
            }

            at = length > stream.Length - at ? stream.Length : at + length;
        }

        return default;
    }

    private static ImageHeaderInfo ReadMeta(ReadOnlySpan<byte> meta, ImageFormat format)
    {
        ReadOnlySpan<byte> primary = FindBox(meta, "pitm"u8);
        ReadOnlySpan<byte> properties = FindBox(meta, "iprp"u8);
        ReadOnlySpan<byte> associations = FindBox(properties, "ipma"u8);
        if (primary.Length < 6 || associations.Length < 8)
        {
            return default;
        }

        uint item = primary[0] == 0 || primary.Length < 8
            ? BinaryPrimitives.ReadUInt16BigEndian(primary[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(primary[4..]);
        List<Range> boxes = ListBoxes(FindBox(properties, "ipco"u8), out ReadOnlySpan<byte> container);
        ImageSize size = default;
        int orientation = ExifOrientation.None;
        bool profile = false;
        foreach (int index in FindAssociations(associations, item))
        {
            if (index < 1 || index > boxes.Count)
            {
                continue;
            }

            ReadOnlySpan<byte> box = container[boxes[index - 1]];
            ReadOnlySpan<byte> type = box[4..8];
            ReadOnlySpan<byte> body = box[8..];
            if (type.SequenceEqual("ispe"u8) && body.Length >= 12)
            {
                size = ImageSize.From(BinaryPrimitives.ReadUInt32BigEndian(body[4..]), BinaryPrimitives.ReadUInt32BigEndian(body[8..])) ?? default;
            }
            else if (type.SequenceEqual("clap"u8) && body.Length >= 16)
            {
                size = ImageSize.From(ReadRatio(body), ReadRatio(body[8..])) ?? size;
            }
            else if (type.SequenceEqual("irot"u8) && body.Length >= 1)
            {
                orientation = ExifOrientation.Combine(orientation, (body[0] & 3) switch { 1 => 8, 2 => 3, 3 => 6, _ => ExifOrientation.None });
            }
            else if (type.SequenceEqual("imir"u8) && body.Length >= 1)
            {
                orientation = ExifOrientation.Combine(orientation, (body[0] & 1) == 0 ? 4 : 2);
            }

            profile |= type.SequenceEqual("colr"u8) && body.Length > 4 && (body.StartsWith("prof"u8) || body.StartsWith("rICC"u8));
        }

        return ImageHeader.Create(format, size.Width, size.Height, orientation) with { HasColorProfile = profile };
    }

    private static double ReadRatio(ReadOnlySpan<byte> body) =>
        BinaryPrimitives.ReadUInt32BigEndian(body[4..]) is var divisor and > 0 ? (double)BinaryPrimitives.ReadUInt32BigEndian(body) / divisor : 0;

    private static List<int> FindAssociations(ReadOnlySpan<byte> box, uint wanted)
    {
        bool wideItems = box[0] > 0;
        bool wideIndices = (box[3] & 1) != 0;
        uint count = BinaryPrimitives.ReadUInt32BigEndian(box[4..]);
        List<int> found = [];
        int at = 8;
        int step = wideIndices ? 2 : 1;
        for (uint i = 0; i < count; i++)
        {
            int idBytes = wideItems ? 4 : 2;
            if (at + idBytes + 1 > box.Length)
            {
                break;
            }

            uint item = wideItems ? BinaryPrimitives.ReadUInt32BigEndian(box[at..]) : BinaryPrimitives.ReadUInt16BigEndian(box[at..]);
            int entries = box[at + idBytes];
            at += idBytes + 1;
            for (int j = 0; j < entries && at + step <= box.Length; j++, at += step)
            {
                if (item == wanted && found.Count < MaxProperties)
                {
                    found.Add(wideIndices ? BinaryPrimitives.ReadUInt16BigEndian(box[at..]) & 0x7FFF : box[at] & 0x7F);
                }
            }
        }

        return found;
    }

    // The content of the first box of a type; empty if there is none.
    private static ReadOnlySpan<byte> FindBox(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> type)
    {
        foreach (Range range in ListBoxes(boxes, out _))
        {
            if (boxes[range][4..8].SequenceEqual(type))
            {
                return boxes[range][8..];
            }
        }

        return default;
    }

    private static List<Range> ListBoxes(ReadOnlySpan<byte> boxes, out ReadOnlySpan<byte> container)
    {
        container = boxes;
        List<Range> found = [];
        for (int at = 0; at + 8 <= boxes.Length && found.Count < MaxProperties;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(boxes[at..]);
            if (length < 8 || length > boxes.Length - at)
            {
                break;
            }

            found.Add(at..(at + (int)length));
            at += (int)length;
        }

        return found;
    }
}
