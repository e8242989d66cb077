using FocalSharp.Torch.Losses.Fused;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Updates;

/// <summary>
/// Many float32 tensors in main memory as if they were one row of numbers, cut into portions of like size that threads take in turn:
/// a thousand small operators become one pass. The tensors must live as long, and stay where they are.
/// </summary>
public sealed class FlatTensors
{
    private const int Portion = 1 << 15;

    private readonly NativeFloats[] _tensors;
    private readonly (int Tensor, int From, int Length)[] _portions;

    /// <summary>Looks at the tensors, in order.</summary>
    /// <exception cref="ArgumentException">One does not fit, see <see cref="Fits"/>.</exception>
    public FlatTensors(IReadOnlyList<Tensor> tensors)
    {
        _tensors = new NativeFloats[tensors.Count];
        List<(int, int, int)> portions = [];
        for (int i = 0; i < _tensors.Length; i++)
        {
            if (!Fits(tensors[i]))
            {
                throw new ArgumentException($"Tensor {i} is not contiguous float32 in main memory.", nameof(tensors));
            }

            _tensors[i] = new NativeFloats(tensors[i]);
            for (int from = 0; from < _tensors[i].Length; from += Portion)
            {
                portions.Add((i, from, Math.Min(Portion, _tensors[i].Length - from)));
            }
        }

        _portions = [.. portions];
    }

    /// <summary>Number of tensors.</summary>
    public int Count => _tensors.Length;

    /// <summary>Number of portions.</summary>
    internal int Portions => _portions.Length;

    /// <summary>Whether managed code can go through a tensor as through a row of numbers.</summary>
    public static bool Fits(Tensor tensor) =>
        NativeFloats.Fits(tensor) && tensor.is_contiguous();

    /// <summary>The numbers of a portion; those of another list of tensors of the same sizes lie beside them.</summary>
    internal Span<float> this[int portion] => _tensors[_portions[portion].Tensor].Slice(_portions[portion].From, _portions[portion].Length);

    /// <summary>Runs a piece of work on every portion, on libtorch's threads.</summary>
    internal void Run(Action<int> portion) => ThreadTeam.Run(_portions.Length, portion);

    /// <summary>Refuses to go on with tensors of other sizes.</summary>
    internal void RequireLike(FlatTensors other)
    {
        if (!_tensors.Select(tensor => tensor.Length).SequenceEqual(other._tensors.Select(tensor => tensor.Length)))
        {
            throw new ArgumentException("Both lists must hold tensors of the same sizes.", nameof(other));
        }
    }
}
