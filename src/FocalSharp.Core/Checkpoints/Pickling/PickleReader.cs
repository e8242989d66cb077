using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace FocalSharp.Checkpoints.Pickling;

/// <summary>Reads a pickle's bytes and literals, and never allocates more than the stream still contains.</summary>
internal sealed class PickleReader(Stream stream, string path)
{
    private const int MaxLineLength = 1 << 20;
    private const int MaxIntegerBytes = 255;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>Gets the length of the stream.</summary>
    public long Length => stream.Length;

    /// <summary>Returns an error with the position in the file.</summary>
    public ModelException Broken(string why) =>
        new($"{path}: not a readable PyTorch checkpoint: near byte {stream.Position} of its pickle, {why}. Copy or download it again.") { Path = path };

    public byte ReadByte()
    {
        int value = stream.ReadByte();
        return value >= 0 ? (byte)value : throw Broken("the stream ends too early");
    }

    public ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public int ReadInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public long ReadInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public double ReadDoubleBigEndian()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadDoubleBigEndian(bytes);
    }

    public byte[] ReadBytes(long length)
    {
        long left = stream.Length - stream.Position;
        if (length < 0 || length > left || length > Array.MaxLength)
        {
            throw Broken($"an item claims {(ulong)length} bytes, but only {left} are left");
        }

        byte[] bytes = new byte[length];
        Fill(bytes);
        return bytes;
    }

    public string ReadText(long length) => Utf8.GetString(ReadBytes(length));

    public string ReadLine()
    {
        StringBuilder line = new();
        for (byte next = ReadByte(); next != '\n'; next = ReadByte())
        {
            if (line.Length == MaxLineLength)
            {
                throw Broken($"a line is longer than {MaxLineLength} bytes");
            }

            line.Append((char)next);
        }

        return line.ToString().TrimEnd('\r');
    }

    /// <summary>Reads a two's-complement integer of up to 255 bytes: a long if it fits.</summary>
    public object ReadInteger(long length)
    {
        if (length is < 0 or > MaxIntegerBytes)
        {
            throw Broken($"an integer claims {(uint)length} bytes; the maximum is {MaxIntegerBytes}");
        }

        return Shorten(new BigInteger(ReadBytes(length)));
    }

    /// <summary>Reads a line with a decimal integer (protocol 0).</summary>
    public object ReadIntegerLine()
    {
        string line = ReadLine().TrimEnd('L');
        return line switch
        {
            "00" => false,
            "01" => true,
            _ when line.Length <= 2 * MaxIntegerBytes
                && BigInteger.TryParse(
                    line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value) => Shorten(value),
            _ => throw Broken("a decimal integer is malformed or too long"),
        };
    }

    public double ReadDoubleLine() =>
        double.TryParse(ReadLine(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw Broken("a decimal number is malformed");

    private static object Shorten(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    private void Fill(Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Broken("the stream ends too early");
        }
    }
}
