using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace FocalSharp.Training.Loop;

/// <summary>Writes the protobuf encodings that event files need; fields are written in the order of the calls.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    private enum WireType : ulong
    {
        Varint = 0,
        Fixed64 = 1,
        LengthDelimited = 2,
        Fixed32 = 5,
    }

    public ReadOnlySpan<byte> WrittenSpan => _buffer.WrittenSpan;

    public ProtobufWriter WriteInt64(int field, long value)
    {
        WriteTag(field, WireType.Varint);
        WriteVarint((ulong)value);
        return this;
    }

    public ProtobufWriter WriteFloat(int field, float value)
    {
        WriteTag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public ProtobufWriter WriteDouble(int field, double value)
    {
        WriteTag(field, WireType.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    public ProtobufWriter WriteBytes(int field, ReadOnlySpan<byte> value)
    {
        WriteTag(field, WireType.LengthDelimited);
        WriteVarint((ulong)value.Length);
        _buffer.Write(value);
        return this;
    }

    public ProtobufWriter WriteString(int field, string value) => WriteBytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter WriteMessage(int field, ProtobufWriter value) => WriteBytes(field, value.WrittenSpan);

    private void WriteTag(int field, WireType type) => WriteVarint(((ulong)field << 3) | (ulong)type);

    private void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            _buffer.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        _buffer.Write([(byte)value]);
    }
}
