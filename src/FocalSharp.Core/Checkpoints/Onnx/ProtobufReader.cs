namespace FocalSharp.Checkpoints.Onnx;

/// <summary>Reads the fields of one message in Protocol Buffers' wire format, without copying and without recursion.</summary>
/// <param name="data">The message.</param>
/// <param name="path">The file, for messages.</param>
internal struct ProtobufReader(ReadOnlyMemory<byte> data, string path)
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int BytesType = 2;
    private const int Fixed32Type = 5;
    private const int MaxVarintBytes = 10;

    private int _position;
    private int _type;

    /// <summary>Gets the number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Gets whether the current field is length-delimited: a message, a text, bytes or packed numbers.</summary>
    public readonly bool IsBytes => _type == BytesType;

    /// <summary>Returns an error about the file.</summary>
    public static ModelException Broken(string path, string why) =>
        new($"{path}: not a readable ONNX file: {why}. Copy or download it again.") { Path = path };

    /// <summary>Moves to the next field; its value must be read or skipped before the next call.</summary>
    /// <exception cref="ModelException">The message is malformed.</exception>
    public bool Next()
    {
        if (_position == data.Length)
        {
            return false;
        }

        ulong tag = ReadVarint();
        (Field, _type) = tag >> 3 is > 0 and <= int.MaxValue ? ((int)(tag >> 3), (int)(tag & 7)) : throw Broken(path, "a field has no valid number");
        return true;
    }

    /// <summary>Skips the current field.</summary>
    public void Skip()
    {
        switch (_type)
        {
            case VarintType:
                ReadVarint();
                break;
            case Fixed64Type:
                Advance(8);
                break;
            case BytesType:
                ReadBytes();
                break;
            case Fixed32Type:
                Advance(4);
                break;
            default:
                throw Broken(path, $"a field has the unknown wire type {_type}");
        }
    }

    /// <summary>Returns the current field's integer.</summary>
    public long ReadInteger() => _type == VarintType ? (long)ReadVarint() : throw Broken(path, $"field {Field} is not an integer");

    /// <summary>Returns the current field's bytes.</summary>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        if (_type != BytesType)
        {
            throw Broken(path, $"field {Field} is not a message");
        }

        ulong length = ReadVarint();
        int start = _position;
        Advance(length);
        return data.Slice(start, (int)length);
    }

    /// <summary>Returns the current field's text.</summary>
    public string ReadText() => System.Text.Encoding.UTF8.GetString(ReadBytes().Span);

    /// <summary>Adds the current field's integers, one or packed, to a list.</summary>
    /// <param name="integers">The list.</param>
    /// <param name="max">The maximum number of integers in it.</param>
    public void ReadIntegers(List<long> integers, int max)
    {
        if (IsBytes)
        {
            ProtobufReader packed = new(ReadBytes(), path);
            while (packed._position < packed.Length && integers.Count <= max)
            {
                integers.Add((long)packed.ReadVarint());
            }
        }
        else
        {
            integers.Add(ReadInteger());
        }

        if (integers.Count > max)
        {
            throw Broken(path, $"a list has more than {max} numbers");
        }
    }

    private readonly int Length => data.Length;

    private ulong ReadVarint()
    {
        ReadOnlySpan<byte> bytes = data.Span;
        ulong value = 0;
        for (int i = 0; i < MaxVarintBytes && _position < bytes.Length; i++)
        {
            byte next = bytes[_position++];
            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken(path, "a number is cut off or too long");
    }

    private void Advance(ulong count)
    {
        if (count > (ulong)(data.Length - _position))
        {
            throw Broken(path, $"a field claims {count} bytes, but only {data.Length - _position} are left");
        }

        _position += (int)count;
    }
}
