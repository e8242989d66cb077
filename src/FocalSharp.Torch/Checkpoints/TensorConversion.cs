using FocalSharp.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Converts between Torch's tensors and those of checkpoint files. Values are copied bit for bit.</summary>
internal static class TensorConversion
{
    /// <summary>Copies a tensor's values from any device, in row-major order.</summary>
    /// <exception cref="NotSupportedException">Checkpoints do not support the element type (complex, quantized, …).</exception>
    public static StateTensor ToState(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Tensor plain = tensor.detach().cpu().contiguous();
        return new StateTensor(ToElementType(plain.dtype), plain.shape, plain.bytes.ToArray());
    }

    /// <summary>Copies all parameters and persistent buffers of a module, in its order and under its names.</summary>
    public static StateDict ToState(nn.Module module, IReadOnlyDictionary<string, string>? metadata = null) =>
        new(module.state_dict().Select(pair => KeyValuePair.Create(pair.Key, ToState(pair.Value))), metadata);

    /// <summary>Creates a CPU tensor with a copy of the values; the caller disposes it.</summary>
    /// <exception cref="ModelException">Torch does not support the element type.</exception>
    public static Tensor ToTensor(StateTensor state)
    {
        Tensor tensor = empty([.. state.Shape], dtype: ToScalarType(state.Type));
        if (state.Data.Length > 0)
        {
            state.Data.Span.CopyTo(tensor.bytes);
        }

        return tensor;
    }

    /// <summary>
    /// Copies values over those of an existing tensor, converting the element type if they differ.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static void CopyTo(StateTensor state, Tensor target)
    {
        if (!state.Shape.SequenceEqual(target.shape))
        {
            throw new ArgumentException(
                $"{state} does not fit a tensor of shape [{string.Join(", ", target.shape)}].", nameof(state));
        }

        using IDisposable noGrad = no_grad();
        using Tensor source = ToTensor(state);
        target.copy_(source);
    }

    private static ElementType ToElementType(ScalarType type) => type switch
    {
        ScalarType.Bool => ElementType.Bool,
        ScalarType.Byte => ElementType.U8,
        ScalarType.Int8 => ElementType.I8,
        ScalarType.Int16 => ElementType.I16,
        ScalarType.Int32 => ElementType.I32,
        ScalarType.Int64 => ElementType.I64,
        ScalarType.Float16 => ElementType.F16,
        ScalarType.BFloat16 => ElementType.BF16,
        ScalarType.Float32 => ElementType.F32,
        ScalarType.Float64 => ElementType.F64,
        _ => throw new NotSupportedException($"A {type} tensor cannot be stored in a checkpoint."),
    };

    private static ScalarType ToScalarType(ElementType type) => type switch
    {
        ElementType.Bool => ScalarType.Bool,
        ElementType.U8 => ScalarType.Byte,
        ElementType.I8 => ScalarType.Int8,
        ElementType.I16 => ScalarType.Int16,
        ElementType.I32 => ScalarType.Int32,
        ElementType.I64 => ScalarType.Int64,
        ElementType.F16 => ScalarType.Float16,
        ElementType.BF16 => ScalarType.BFloat16,
        ElementType.F32 => ScalarType.Float32,
        ElementType.F64 => ScalarType.Float64,
        _ => throw new ModelException(
            $"Torch does not support {ElementTypes.NameOf(type)} tensors; convert them to a signed or floating-point type first."),
    };
}
