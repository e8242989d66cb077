using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>The values of a contiguous float32 tensor on the CPU, for managed code on several threads.</summary>
internal readonly unsafe struct NativeFloat32
{
    private readonly float* _start;

    /// <summary>Initializes a view of a tensor, which must outlive the view.</summary>
    public NativeFloat32(Tensor tensor)
    {
        Span<byte> bytes = tensor.bytes;
        fixed (byte* start = &MemoryMarshal.GetReference(bytes))
        {
            _start = (float*)start;
        }

        Length = bytes.Length / sizeof(float);
    }

    /// <summary>Gets the number of values.</summary>
    public int Length { get; }

    /// <summary>Gets all values.</summary>
    public Span<float> Span => new(_start, Length);

    /// <summary>Returns a range of the values.</summary>
    public Span<float> Slice(int start, int length)
    {
        if ((uint)start > (uint)Length || (uint)length > (uint)(Length - start))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"The range of {length} values from {start} exceeds the {Length} values.");
        }

        return new Span<float>(_start + start, length);
    }

    /// <summary>Returns whether managed code supports a tensor: float32 on the CPU, not larger than a span.</summary>
    public static bool Supports(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU && tensor.numel() is > 0 and < (1 << 29);
}
