using System.Numerics;
using System.Runtime.InteropServices;

namespace FocalSharp.Training.Distributed;

/// <summary>
/// Sums float32 values over the ranks with half of the bytes: bfloat16 on the wire, float32 in the sums. MPI has no bfloat16, so the sum is made of two
/// of its operations: each rank receives its part of the values from all (all-to-all), sums it in the order of the ranks, and sends the sum to all
/// (all-gather). That transfers as much as a ring does, and all ranks receive the same bits. Each value is rounded twice: before it is sent, and as a sum.
/// </summary>
/// <param name="ranks">The ranks.</param>
internal sealed class BFloat16Wire(ICollective ranks)
{
    private ushort[] _sent = [];
    private ushort[] _received = [];
    private float[] _sum = [];

    /// <summary>Replaces the values of every rank by their sum over the ranks, rounded to bfloat16; all ranks receive the same bits.</summary>
    public void AllReduceSum(Span<float> values)
    {
        int part = (values.Length + ranks.Size - 1) / ranks.Size;
        if (_sent.Length < part * ranks.Size)
        {
            _sent = GC.AllocateUninitializedArray<ushort>(part * ranks.Size, pinned: true);
            _received = GC.AllocateUninitializedArray<ushort>(part * ranks.Size, pinned: true);
            _sum = GC.AllocateUninitializedArray<float>(part, pinned: true);
        }

        Span<ushort> sent = _sent.AsSpan(0, part * ranks.Size);
        Span<ushort> received = _received.AsSpan(0, sent.Length);
        Pack(values, sent);
        sent[values.Length..].Clear();
        ranks.AllToAll(MemoryMarshal.AsBytes(sent), MemoryMarshal.AsBytes(received));
        Span<float> sum = _sum.AsSpan(0, part);
        sum.Clear();
        for (int rank = 0; rank < ranks.Size; rank++)
        {
            Add(received.Slice(rank * part, part), sum);
        }

        Pack(sum, sent[..part]);
        ranks.AllGather(MemoryMarshal.AsBytes(sent[..part]), MemoryMarshal.AsBytes(received));
        values.Clear();
        Add(received[..values.Length], values);
    }

    /// <summary>Rounds float32 values to bfloat16, ties to even; NaN stays NaN.</summary>
    public static void Pack(ReadOnlySpan<float> source, Span<ushort> target)
    {
        int width = Vector<float>.Count;
        int i = 0;
        for (; i <= source.Length - (2 * width); i += 2 * width)
        {
            Vector.Narrow(Round(new Vector<float>(source[i..])), Round(new Vector<float>(source[(i + width)..]))).CopyTo(target[i..]);
        }

        for (; i < source.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(source[i]);
            target[i] = (ushort)(float.IsNaN(source[i]) ? (bits | 0x00400000) >> 16 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }

    /// <summary>Adds bfloat16 values to float32 values.</summary>
    public static void Add(ReadOnlySpan<ushort> source, Span<float> sum)
    {
        int width = Vector<float>.Count;
        int i = 0;
        for (; i <= source.Length - (2 * width); i += 2 * width)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out Vector<uint> low, out Vector<uint> high);
            (new Vector<float>(sum[i..]) + Vector.AsVectorSingle(low << 16)).CopyTo(sum[i..]);
            (new Vector<float>(sum[(i + width)..]) + Vector.AsVectorSingle(high << 16)).CopyTo(sum[(i + width)..]);
        }

        for (; i < source.Length; i++)
        {
            sum[i] += BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
        }
    }

    private static Vector<uint> Round(Vector<float> values)
    {
        Vector<uint> bits = Vector.AsVectorUInt32(values);
        Vector<uint> rounded = bits + new Vector<uint>(0x7FFF) + ((bits >> 16) & Vector<uint>.One);
        Vector<uint> isNumber = Vector.AsVectorUInt32(Vector.Equals(values, values));
        return Vector.ConditionalSelect(isNumber, rounded, bits | new Vector<uint>(0x00400000)) >> 16;
    }
}
