using System.Text;

namespace FocalSharp.Core.Tests.Checkpoints.Onnx;

/// <summary>Writes ONNX files field by field, by the public field numbers, well-formed or not.</summary>
internal static class OnnxBytes
{
    public static byte[] Model(params byte[][] graph) => [.. Number(1, 8), .. Message(2, Encoding.UTF8.GetBytes("test")), .. Message(7, Join(graph))];

    public static byte[] Node(string type, string[] inputs, string[] outputs, params byte[][] attributes) => Message(1, Join(
        [.. inputs.Select(name => Text(1, name)), .. outputs.Select(name => Text(2, name)), Text(4, type), .. attributes]));

    public static byte[] Integers(string name, params long[] values) => Message(5, Join([Text(1, name), Message(8, Join([.. values.Select(Varint)])), Number(20, 7)]));

    public static byte[] Integer(string name, long value) => Message(5, Join([Text(1, name), Number(3, value), Number(20, 2)]));

    public static byte[] Value(byte[] tensor) => Message(5, Join([Text(1, "value"), Message(5, tensor), Number(20, 4)]));

    public static byte[] Initializer(byte[] tensor) => Message(5, tensor);

    public static byte[] Tensor(string name, long[] shape, int type, byte[] data, bool packed = false) => Join(
        [.. shape.Select(size => Number(1, size)), Number(2, type), Message(packed ? 4 : 9, data), Text(8, name)]);

    public static byte[] Input(string name, params long[] shape) => Message(11, Join([
        Text(1, name), Message(2, Message(1, Join([Number(1, 1), Message(2, Join([.. shape.Select(size => Message(1, size == 0 ? Text(2, "n") : Number(1, size)))]))])))]));

    public static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    public static byte[] Message(int field, byte[] bytes) => [.. Varint((field << 3) | 2), .. Varint(bytes.Length), .. bytes];

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Varint(long value)
    {
        List<byte> bytes = [];
        ulong rest = (ulong)value;
        do
        {
            bytes.Add((byte)((rest & 0x7f) | (rest > 0x7f ? 0x80u : 0)));
            rest >>= 7;
        }
        while (rest > 0);
        return [.. bytes];
    }
}
