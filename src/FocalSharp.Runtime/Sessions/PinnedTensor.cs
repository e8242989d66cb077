using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Sessions;

/// <summary>A tensor over pinned managed memory that is kept from run to run and made anew only where its shape changes.</summary>
/// <typeparam name="T">Its elements.</typeparam>
/// <param name="name">The input or output that it is.</param>
internal sealed class PinnedTensor<T>(string name) : IDisposable
    where T : unmanaged
{
    private long[] _shape = [-1];
    private OrtValue? _value;

    /// <summary>The memory, at least as long as the shape says.</summary>
    public T[] Data { get; private set; } = [];

    /// <summary>Makes room; what was there may be lost.</summary>
    public void EnsureCapacity(int length)
    {
        if (Data.Length < length)
        {
            Release();
            Data = GC.AllocateUninitializedArray<T>(length, pinned: true);
        }
    }

    /// <summary>Takes a shape; true where the tensor is new and must be bound.</summary>
    public bool EnsureShape(ReadOnlySpan<long> shape)
    {
        if (_value is not null && shape.SequenceEqual(_shape))
        {
            return false;
        }

        long length = 1;
        foreach (long dimension in shape)
        {
            length = checked(length * dimension);
        }

        EnsureCapacity(checked((int)length));
        Release();
        _shape = shape.ToArray();
        _value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, Data.AsMemory(0, (int)length), _shape);
        return true;
    }

    /// <summary>Binds it as an input.</summary>
    public void BindInput(OrtIoBinding binding) => binding.BindInput(name, _value!);

    /// <summary>Takes a shape and binds the tensor as an output where it is new.</summary>
    public void BindOutput(OrtIoBinding binding, ReadOnlySpan<long> shape)
    {
        if (EnsureShape(shape))
        {
            binding.BindOutput(name, _value!);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    private void Release()
    {
        _value?.Dispose();
        _value = null;
    }
}
