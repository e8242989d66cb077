using System.Runtime.InteropServices;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Updates;

/// <summary>
/// Many float32 tensors in main memory as if they were one row of numbers, cut into portions of like size that threads take in turn:
/// a thousand small operators become one pass. The tensors must live as long, and stay where they are.
/// </summary>
public sealed unsafe class FlatTensors
{
    private const int Portion = 1 << 15;

    private readonly nint[] _starts;
    private readonly long[] _lengths;
    private readonly (int Tensor, long From, int Length)[] _portions;

    /// <summary>Looks at the tensors, in order.</summary>
    /// <exception cref="ArgumentException">One does not fit, see <see cref="Fits"/>.</exception>
    public FlatTensors(IReadOnlyList<Tensor> tensors)
    {
        _starts = new nint[tensors.Count];
        _lengths = new long[tensors.Count];
        List<(int, long, int)> portions = [];
        for (int i = 0; i < _starts.Length; i++)
        {
            if (!Fits(tensors[i]))
            {
                throw new ArgumentException($"Tensor {i} is not contiguous float32 in main memory.", nameof(tensors));
            }

            fixed (byte* start = &MemoryMarshal.GetReference(tensors[i].bytes))
            {
                _starts[i] = (nint)start;
            }

            _lengths[i] = tensors[i].numel();
            for (long from = 0; from < _lengths[i]; from += Portion)
            {
                portions.Add((i, from, (int)Math.Min(Portion, _lengths[i] - from)));
            }
        }

        _portions = [.. portions];
    }

    /// <summary>Number of tensors.</summary>
    public int Count => _starts.Length;

    /// <summary>Number of portions.</summary>
    internal int Portions => _portions.Length;

    /// <summary>Whether managed code can go through a tensor as through a row of numbers.</summary>
    public static bool Fits(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.device_type == TorchSharp.DeviceType.CPU && tensor.is_contiguous() && tensor.numel() > 0;

    /// <summary>The numbers of a portion; those of another list of tensors of the same sizes lie beside them.</summary>
    internal Span<float> this[int portion] =>
        new((float*)_starts[_portions[portion].Tensor] + _portions[portion].From, _portions[portion].Length);

    /// <summary>Runs a piece of work on every portion, on libtorch's threads.</summary>
    internal void Run(Action<int> portion) => ThreadTeam.Run(_portions.Length, portion);

    /// <summary>Refuses to go on with tensors of other sizes.</summary>
    internal void RequireLike(FlatTensors other)
    {
        if (!_lengths.AsSpan().SequenceEqual(other._lengths))
        {
            throw new ArgumentException("Both lists must hold tensors of the same sizes.", nameof(other));
        }
    }
}
