using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Optimization;

/// <summary>
/// Many float32 tensors in main memory as if they were one row of numbers, cut into portions of like size that threads take in turn:
/// a thousand small operators become one pass. The tensors must live as long, and stay where they are.
/// </summary>
public sealed class TensorList
{
    private const int ChunkSize = 1 << 15;

    private readonly NativeFloat32[] _tensors;
    private readonly (int Tensor, int From, int Length)[] _chunks;

    /// <summary>Looks at the tensors, in order.</summary>
    /// <exception cref="ArgumentException">One does not fit, see <see cref="Supports"/>.</exception>
    public TensorList(IReadOnlyList<Tensor> tensors)
    {
        _tensors = new NativeFloat32[tensors.Count];
        List<(int, int, int)> chunks = [];
        for (int i = 0; i < _tensors.Length; i++)
        {
            if (!Supports(tensors[i]))
            {
                throw new ArgumentException($"Tensor {i} is not contiguous float32 in main memory.", nameof(tensors));
            }

            _tensors[i] = new NativeFloat32(tensors[i]);
            for (int from = 0; from < _tensors[i].Length; from += ChunkSize)
            {
                chunks.Add((i, from, Math.Min(ChunkSize, _tensors[i].Length - from)));
            }
        }

        _chunks = [.. chunks];
    }

    /// <summary>Number of tensors.</summary>
    public int Count => _tensors.Length;

    /// <summary>Number of portions.</summary>
    internal int ChunkCount => _chunks.Length;

    /// <summary>Whether managed code can go through a tensor as through a row of numbers.</summary>
    public static bool Supports(Tensor tensor) =>
        NativeFloat32.Supports(tensor) && tensor.is_contiguous();

    /// <summary>The numbers of a portion; those of another list of tensors of the same sizes lie beside them.</summary>
    internal Span<float> this[int chunk] => _tensors[_chunks[chunk].Tensor].Slice(_chunks[chunk].From, _chunks[chunk].Length);

    /// <summary>Runs a piece of work on every portion, on libtorch's threads.</summary>
    internal void Run(Action<int> chunk) => OpenMpParallel.Run(_chunks.Length, chunk);

    /// <summary>Refuses to go on with tensors of other sizes.</summary>
    internal void RequireSameSizes(TensorList other)
    {
        if (!_tensors.Select(tensor => tensor.Length).SequenceEqual(other._tensors.Select(tensor => tensor.Length)))
        {
            throw new ArgumentException("Both lists must hold tensors of the same sizes.", nameof(other));
        }
    }
}
