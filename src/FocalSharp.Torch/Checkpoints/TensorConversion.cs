using FocalSharp.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Between Torch's tensors and the Torch-free ones of checkpoints. Values are copied bit for bit.</summary>
public static class TensorConversion
{
    /// <summary>A copy of a tensor's values, from whatever device, in row-major order.</summary>
    /// <exception cref="NotSupportedException">The element type (complex, quantised, …) has no place in a checkpoint.</exception>
    public static StateTensor ToState(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Tensor plain = tensor.detach().cpu().contiguous();
        return new StateTensor(ToElementType(plain.dtype), plain.shape, plain.bytes.ToArray());
    }

    /// <summary>All parameters and persistent buffers of a module, in its own order and under its own names.</summary>
    public static StateDict ToState(nn.Module module, IReadOnlyDictionary<string, string>? metadata = null) =>
        new(module.state_dict().Select(pair => KeyValuePair.Create(pair.Key, ToState(pair.Value))), metadata);

    /// <summary>A new CPU tensor with a copy of the values; the caller disposes it.</summary>
    /// <exception cref="FocalSharpException">Torch has no such element type.</exception>
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
    /// Copies values over those of an existing tensor, converting the element type where they differ; no gradient is kept.
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
        _ => throw new FocalSharpException(
            $"Torch cannot hold {ElementTypes.NameOf(type)} tensors. Convert them to a signed type or to floating point before."),
    };
}
