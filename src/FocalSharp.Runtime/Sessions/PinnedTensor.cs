using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Sessions;

/// <summary>A tensor over pinned managed memory that is reused between runs and recreated only if its shape changes.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="name">The name of the input or output.</param>
internal sealed class PinnedTensor<T>(string name) : IDisposable
    where T : unmanaged
{
    private long[] _shape = [-1];
    private OrtValue? _value;

    /// <summary>The memory, at least as long as the shape needs.</summary>
    public T[] Data { get; private set; } = [];

    /// <summary>Ensures a length; the content may be lost.</summary>
    public void EnsureCapacity(int length)
    {
        if (Data.Length < length)
        {
            Release();
            Data = GC.AllocateUninitializedArray<T>(length, pinned: true);
        }
    }

    /// <summary>Sets the shape. Returns true if the tensor is new and must be bound.</summary>
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

    /// <summary>Binds the tensor as an input.</summary>
    public void BindInput(OrtIoBinding binding) => binding.BindInput(name, _value!);

    /// <summary>Sets the shape and binds the tensor as an output if it is new.</summary>
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
