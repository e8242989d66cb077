using System.Runtime.InteropServices;
using System.Text;

namespace FocalSharp.Runtime.Metadata;

/// <summary>
/// Checks that the weights of an ONNX file are finite: a model with one NaN detects nothing, without any error. Reads only what it needs of the
/// protocol buffers (onnx.proto3: ModelProto.graph, GraphProto.initializer, TensorProto); ONNX Runtime has accepted the file before.
/// </summary>
internal static class OnnxWeights
{
    private const int ModelGraph = 7;
    private const int GraphInitializer = 5;
    private const int TensorType = 2;
    private const int TensorFloats = 4;
    private const int TensorName = 8;
    private const int TensorBytes = 9;

    private const int FloatType = 1;
    private const int HalfType = 10;
    private const int BFloat16Type = 16;

    /// <summary>Requires that no weight is NaN or infinite.</summary>
    /// <param name="name">The file, for messages.</param>
    /// <param name="model">Its content.</param>
    /// <exception cref="ModelException">A tensor contains NaN or infinity.</exception>
    public static void RequireFinite(string name, ReadOnlySpan<byte> model)
    {
        ProtoReader fields = new(model);
        while (fields.Next())
        {
            if (fields.Field == ModelGraph)
            {
                CheckGraph(name, fields.Bytes);
            }
        }
    }

    private static void CheckGraph(string name, ReadOnlySpan<byte> graph)
    {
        ProtoReader fields = new(graph);
        while (fields.Next())
        {
            if (fields.Field == GraphInitializer && FindNonFinite(fields.Bytes) is { } tensor)
            {
                throw new ModelException(
                    $"{name}: tensor '{tensor}' contains NaN or infinity, so that the model would detect nothing. Its training diverged: export weights from before.")
                { Path = name };
            }
        }
    }

    private static string? FindNonFinite(ReadOnlySpan<byte> tensor)
    {
        ProtoReader fields = new(tensor);
        string name = "";
        ulong type = 0;
        ReadOnlySpan<byte> floats = [];
        ReadOnlySpan<byte> bytes = [];
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case TensorType:
                    type = fields.Value;
                    break;
                case TensorFloats:
                    floats = fields.Bytes;
                    break;
                case TensorName:
                    name = Encoding.UTF8.GetString(fields.Bytes);
                    break;
                case TensorBytes:
                    bytes = fields.Bytes;
                    break;
            }
        }

        bool isFinite = type switch
        {
            FloatType => IsFinite(floats.Length > 0 ? floats : bytes),
            HalfType => IsFinite(bytes, 0x7C00),
            BFloat16Type => IsFinite(bytes, 0x7F80),
            _ => true,
        };
        return isFinite ? null : name;
    }

    // A single infinity may be a constant, such as the start of a maximum.
    private static bool IsFinite(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(bytes[..(bytes.Length / sizeof(float) * sizeof(float))]);
        foreach (float value in values)
        {
            if (float.IsNaN(value) || (float.IsInfinity(value) && values.Length > 1))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsFinite(ReadOnlySpan<byte> bytes, ushort exponent)
    {
        foreach (ushort value in MemoryMarshal.Cast<byte, ushort>(bytes[..(bytes.Length / sizeof(ushort) * sizeof(ushort))]))
        {
            if ((value & exponent) == exponent && bytes.Length > sizeof(ushort))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Walks the fields of a message. Stops at anything that is not a valid field.</summary>
    private ref struct ProtoReader(ReadOnlySpan<byte> message)
    {
        private ReadOnlySpan<byte> _rest = message;

        public int Field { get; private set; }

        public ulong Value { get; private set; }

        public ReadOnlySpan<byte> Bytes { get; private set; }

        public bool Next()
        {
            Value = 0;
            Bytes = [];
            if (!TryReadVarint(out ulong key))
            {
                return false;
            }

            Field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    bool isRead = TryReadVarint(out ulong value);
                    Value = value;
                    return isRead;
                case 1:
                    return TryTake(8);
                case 2:
                    return TryReadVarint(out ulong length) && length <= (ulong)_rest.Length && TryTake((int)length);
                case 5:
                    return TryTake(4);
                default:
                    return false;
            }
        }

        private bool TryTake(int length)
        {
            if (length > _rest.Length)
            {
                return false;
            }

            Bytes = _rest[..length];
            _rest = _rest[length..];
            return true;
        }

        private bool TryReadVarint(out ulong value)
        {
            value = 0;
            for (int i = 0; i < 10 && i < _rest.Length; i++)
            {
                value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
                if (_rest[i] < 0x80)
                {
                    _rest = _rest[(i + 1)..];
                    return true;
                }
            }

            return false;
        }
    }
}
