using System.Buffers.Binary;
using System.Text;

namespace FocalSharp.TestSupport;

/// <summary>Reads TensorBoard's event files, independently of the writer.</summary>
internal static class EventFile
{
    /// <summary>All scalars of a run's event files by step and tag, but for speeds.</summary>
    public static IReadOnlyList<(long Step, string Tag, float Value)> Scalars(string folder) =>
    [
        .. Directory.GetFiles(folder, "events.out.tfevents.*").SelectMany(path => Records(File.ReadAllBytes(path))).Select(Parse)
            .Where(fields => fields.ContainsKey(5))
            .Select(fields => (Step: (long)(ulong)fields[2], Value: Parse((byte[])Parse((byte[])fields[5])[1])))
            .Select(entry => (entry.Step, Tag: Encoding.UTF8.GetString((byte[])entry.Value[1]), BitConverter.UInt32BitsToSingle((uint)entry.Value[2])))
            .Where(entry => !entry.Tag.EndsWith("images_per_second", StringComparison.Ordinal))
            .OrderBy(entry => entry.Step).ThenBy(entry => entry.Tag, StringComparer.Ordinal),
    ];

    /// <summary>The records of a file, their checksums verified.</summary>
    public static List<byte[]> Records(byte[] bytes)
    {
        List<byte[]> records = [];
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Masked(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            records.Add(bytes[(at + 12)..(at + 12 + length)]);
            Assert.Equal(Masked(records[^1]), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            at += 16 + length;
        }

        return records;
    }

    // Bitwise, by the reflected polynomial: independent of the writer's.
    private static uint Masked(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78u);
            }
        }

        crc = ~crc;
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
    }

    /// <summary>The fields of a protobuf message, the last of each number.</summary>
    /// <remarks>Wire types: 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes.</remarks>
    public static Dictionary<int, object> Parse(byte[] message)
    {
        Dictionary<int, object> fields = [];
        for (int at = 0; at < message.Length;)
        {
            ulong key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    fields[(int)(key >> 3)] = Varint(message, ref at);
                    break;
                case 1:
                    fields[(int)(key >> 3)] = BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at));
                    at += 8;
                    break;
                case 5:
                    fields[(int)(key >> 3)] = BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at));
                    at += 4;
                    break;
                default:
                    Assert.Equal(2UL, key & 7);
                    int length = (int)Varint(message, ref at);
                    fields[(int)(key >> 3)] = message[at..(at + length)];
                    at += length;
                    break;
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
