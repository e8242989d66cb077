namespace FocalSharp.Checkpoints.Pickling;

/// <summary>
/// Converts views of storages to contiguous tensors. A storage is read once even if many tensors share it, and contiguous views
/// share its memory; only other views are copied, within a budget derived from the file's length.
/// </summary>
internal sealed class TensorMaterializer(IStorageSource source, string path, long fileLength)
{
    private const long BudgetPerFileByte = 4;
    private const long SmallBudget = 1 << 24;

    private readonly Dictionary<string, byte[]> _read = new(StringComparer.Ordinal);
    private long _budget = SmallBudget + (BudgetPerFileByte * fileLength);

    /// <summary>Returns the tensor for a view.</summary>
    /// <exception cref="ModelException">The view exceeds its storage, or expands it beyond the budget.</exception>
    public StateTensor Materialize(string name, PickledTensor view)
    {
        int size = ElementTypes.SizeOf(view.Type);
        long? count = StateTensor.CountElements(view.Shape);
        if (count is not { } elements || Array.Exists(view.Strides, stride => stride < 0))
        {
            throw Broken(
                name, $"has the invalid shape [{string.Join(", ", view.Shape)}] or strides [{string.Join(", ", view.Strides)}]");
        }

        if (elements == 0)
        {
            return new StateTensor(view.Type, view.Shape, ReadOnlyMemory<byte>.Empty);
        }

        Int128 last = view.Offset;
        for (int d = 0; d < view.Shape.Length; d++)
        {
            last += (Int128)(view.Shape[d] - 1) * view.Strides[d];
        }

        if ((last + 1) * size > view.Storage.ByteCount)
        {
            throw Broken(name, $"refers to element {last} of a storage with {view.Storage.ByteCount / size}");
        }

        byte[] storage = Storage(view.Storage);
        return IsContiguous(view)
            ? new StateTensor(view.Type, view.Shape, storage.AsMemory((int)(view.Offset * size), (int)(elements * size)))
            : new StateTensor(view.Type, view.Shape, Gather(name, view, elements, size, storage));
    }

    private static bool IsContiguous(PickledTensor view)
    {
        long expected = 1;
        for (int d = view.Shape.Length - 1; d >= 0; d--)
        {
            if (view.Shape[d] != 1 && view.Strides[d] != expected)
            {
                return false;
            }

            expected *= view.Shape[d];
        }

        return true;
    }

    private byte[] Storage(PickledStorage storage)
    {
        if (!_read.TryGetValue(storage.Key, out byte[]? bytes))
        {
            _read[storage.Key] = bytes = source.Read(storage);
        }

        return bytes;
    }

    private byte[] Gather(string name, PickledTensor view, long elements, int size, byte[] storage)
    {
        if ((Int128)elements * size > _budget || elements * size > Array.MaxLength)
        {
            throw Broken(
                name, $"of shape [{string.Join(", ", view.Shape)}] expands a small storage out of proportion to the file");
        }

        _budget -= elements * size;
        byte[] result = GC.AllocateUninitializedArray<byte>((int)(elements * size));
        long[] index = new long[view.Shape.Length];
        long from = view.Offset;
        for (int at = 0; at < result.Length; at += size)
        {
            storage.AsSpan((int)(from * size), size).CopyTo(result.AsSpan(at));
            for (int d = index.Length - 1; d >= 0; d--)
            {
                from += view.Strides[d];
                if (++index[d] < view.Shape[d])
                {
                    break;
                }

                from -= view.Shape[d] * view.Strides[d];
                index[d] = 0;
            }
        }

        return result;
    }

    private ModelException Broken(string name, string why) =>
        new($"{path}: not a readable PyTorch checkpoint: tensor '{TextSanitizer.Sanitize(name)}' {why}. Copy or download it again.") { Path = path };
}
