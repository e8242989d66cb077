using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Optimization;

/// <summary>
/// Many float32 tensors on the CPU as one list of values, in chunks of similar size for threads: one pass instead of a thousand
/// small operators. The tensors must outlive the list and must not be reallocated.
/// </summary>
internal sealed class TensorList
{
    private const int ChunkSize = 1 << 15;

    private readonly NativeFloat32[] _tensors;
    private readonly (int Tensor, int From, int Length)[] _chunks;

    /// <summary>Initializes the list.</summary>
    /// <exception cref="ArgumentException">A tensor is not supported, see <see cref="Supports"/>.</exception>
    public TensorList(IReadOnlyList<Tensor> tensors)
    {
        _tensors = new NativeFloat32[tensors.Count];
        List<(int, int, int)> chunks = [];
        for (int i = 0; i < _tensors.Length; i++)
        {
            if (!Supports(tensors[i]))
            {
                throw new ArgumentException($"Tensor {i} is not contiguous float32 on the CPU.", nameof(tensors));
            }

            _tensors[i] = new NativeFloat32(tensors[i]);
            for (int from = 0; from < _tensors[i].Length; from += ChunkSize)
            {
                chunks.Add((i, from, Math.Min(ChunkSize, _tensors[i].Length - from)));
            }
        }

        _chunks = [.. chunks];
    }

    /// <summary>Gets the number of tensors.</summary>
    public int Count => _tensors.Length;

    /// <summary>Gets the number of chunks.</summary>
    internal int ChunkCount => _chunks.Length;

    /// <summary>Returns whether a tensor is contiguous float32 on the CPU.</summary>
    public static bool Supports(Tensor tensor) =>
        NativeFloat32.Supports(tensor) && tensor.is_contiguous();

    /// <summary>Gets the values of a chunk; lists of tensors of equal sizes have equal chunks.</summary>
    internal Span<float> this[int chunk] => _tensors[_chunks[chunk].Tensor].Slice(_chunks[chunk].From, _chunks[chunk].Length);

    /// <summary>Runs an action for every chunk, on libtorch's threads.</summary>
    internal void Run(Action<int> chunk) => OpenMpParallel.Run(_chunks.Length, chunk);

    /// <summary>Throws if another list has tensors of other sizes.</summary>
    internal void RequireSameSizes(TensorList other)
    {
        if (!_tensors.Select(tensor => tensor.Length).SequenceEqual(other._tensors.Select(tensor => tensor.Length)))
        {
            throw new ArgumentException("Both lists must contain tensors of the same sizes.", nameof(other));
        }
    }
}
