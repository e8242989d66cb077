using System.Runtime.InteropServices;
using System.Text;

namespace FocalSharp.Runtime.Tests.Support;

/// <summary>Writes small ONNX files byte by byte from the public field numbers, so that tests know what a model computes.</summary>
internal sealed class OnnxGraph
{
    public const int Float = 1;
    public const int UInt8 = 2;
    public const int Int64 = 7;

    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _initializers = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];
    private readonly Dictionary<string, string> _metadata = [];

    /// <summary>A dimension is a number, or a name where it is free.</summary>
    public OnnxGraph Input(string name, int type, params object[] shape) => Add(_inputs, ValueInfo(name, type, shape));

    public OnnxGraph Output(string name, int type, params object[] shape) => Add(_outputs, ValueInfo(name, type, shape));

    public OnnxGraph Constant(string name, long[] values, params long[] shape) =>
        Add(_initializers, Tensor(name, Int64, shape, MemoryMarshal.AsBytes<long>(values)));

    public OnnxGraph Constant(string name, float[] values, params long[] shape) =>
        Add(_initializers, Tensor(name, Float, shape, MemoryMarshal.AsBytes<float>(values)));

    public OnnxGraph Node(string type, string inputs, string output, params (string Name, object Value)[] attributes)
    {
        Message node = new();
        foreach (string input in inputs.Split(' '))
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, output).Text(4, type);
        foreach ((string name, object value) in attributes)
        {
            Message attribute = new Message().Text(1, name);
            _ = value switch
            {
                int number => attribute.Number(3, number).Number(20, 2),
                long[] numbers => attribute.Numbers(8, numbers).Number(20, 7),
                _ => throw new ArgumentException("no such attribute", nameof(attributes)),
            };
            node.Bytes(5, attribute.ToArray());
        }

        return Add(_nodes, node.ToArray());
    }

    public OnnxGraph Metadata(string key, string? value)
    {
        if (value is null)
        {
            _metadata.Remove(key);
        }
        else
        {
            _metadata[key] = value;
        }

        return this;
    }

    public byte[] ToArray()
    {
        Message graph = new();
        _nodes.ForEach(node => graph.Bytes(1, node));
        graph.Text(2, "test");
        _initializers.ForEach(tensor => graph.Bytes(5, tensor));
        _inputs.ForEach(input => graph.Bytes(11, input));
        _outputs.ForEach(output => graph.Bytes(12, output));
        Message model = new Message().Number(1, 8).Text(2, "test").Bytes(7, graph.ToArray()).Bytes(8, new Message().Text(1, "").Number(2, 17).ToArray());
        foreach ((string key, string value) in _metadata)
        {
            model.Bytes(14, new Message().Text(1, key).Text(2, value).ToArray());
        }

        return model.ToArray();
    }

    private OnnxGraph Add(List<byte[]> to, byte[] message)
    {
        to.Add(message);
        return this;
    }

    private static byte[] Tensor(string name, int type, long[] shape, ReadOnlySpan<byte> data) =>
        new Message().Numbers(1, shape).Number(2, type).Text(8, name).Bytes(9, data).ToArray();

    private static byte[] ValueInfo(string name, int type, object[] shape)
    {
        Message dimensions = new();
        foreach (object dimension in shape)
        {
            dimensions.Bytes(1, (dimension is string free ? new Message().Text(2, free) : new Message().Number(1, Convert.ToInt64(dimension))).ToArray());
        }

        byte[] tensor = new Message().Number(1, type).Bytes(2, dimensions.ToArray()).ToArray();
        return new Message().Text(1, name).Bytes(2, new Message().Bytes(1, tensor).ToArray()).ToArray();
    }

    /// <summary>A protocol buffer message in the making.</summary>
    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        public Message Number(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
            return this;
        }

        public Message Numbers(int field, long[] values)
        {
            Array.ForEach(values, value => Number(field, value));
            return this;
        }

        public Message Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public Message Bytes(int field, ReadOnlySpan<byte> value)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)value.Length);
            _bytes.AddRange(value);
            return this;
        }

        public byte[] ToArray() => [.. _bytes];

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                _bytes.Add((byte)(value | 0x80));
            }

            _bytes.Add((byte)value);
        }
    }
}
