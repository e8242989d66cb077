using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>The float32 numbers of a contiguous tensor in main memory, to be read and written by managed code on several threads.</summary>
internal readonly unsafe struct NativeFloat32
{
    private readonly float* _start;

    /// <summary>Points at a tensor, which must live as long.</summary>
    public NativeFloat32(Tensor tensor)
    {
        Span<byte> bytes = tensor.bytes;
        fixed (byte* start = &MemoryMarshal.GetReference(bytes))
        {
            _start = (float*)start;
        }

        Length = bytes.Length / sizeof(float);
    }

    /// <summary>How many there are.</summary>
    public int Length { get; }

    /// <summary>All of them.</summary>
    public Span<float> Span => new(_start, Length);

    /// <summary>A part of them.</summary>
    public Span<float> Slice(int start, int length)
    {
        if ((uint)start > (uint)Length || (uint)length > (uint)(Length - start))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"{Length} numbers have no {length} from {start} on.");
        }

        return new Span<float>(_start + start, length);
    }

    /// <summary>Whether managed code can compute on a tensor: plain float32 in main memory, within a span's reach.</summary>
    public static bool Supports(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU && tensor.numel() is > 0 and < (1 << 29);
}
