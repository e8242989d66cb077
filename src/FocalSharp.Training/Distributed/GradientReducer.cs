using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Distributed;

/// <summary>Sums the gradients over the ranks in one pinned buffer. Losses are averaged over the whole batch already, so the sum is its gradient.</summary>
/// <param name="ranks">The ranks.</param>
/// <param name="parameters">The trainable parameters, in the same order on all ranks.</param>
internal sealed class GradientReducer(ICollective ranks, IEnumerable<Parameter> parameters)
{
    private readonly Parameter[] _parameters = [.. parameters];
    private float[] _buffer = [];

    /// <summary>Replaces every gradient by its sum over the ranks. A parameter that has a gradient on some ranks gets one on all.</summary>
    public void Reduce()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        int length = _parameters.Sum(parameter => checked((int)parameter.numel()));
        if (_buffer.Length == 0)
        {
            _buffer = GC.AllocateUninitializedArray<float>(length + _parameters.Length, pinned: true);
        }

        Tensor?[] gradients = Array.ConvertAll(_parameters, parameter => parameter.grad);
        int at = 0;
        for (int i = 0; i < _parameters.Length; i++)
        {
            Span<float> part = _buffer.AsSpan(at, (int)_parameters[i].numel());
            _buffer[length + i] = gradients[i] is null ? 0 : 1;
            Read(gradients[i], part);
            at += part.Length;
        }

        ranks.AllReduceSum(_buffer.AsSpan());
        at = 0;
        for (int i = 0; i < _parameters.Length; i++)
        {
            Span<float> part = _buffer.AsSpan(at, (int)_parameters[i].numel());
            if (_buffer[length + i] > 0)
            {
                Tensor target = gradients[i] ?? zeros_like(_parameters[i], requires_grad: false);
                Write(part, target);
                if (gradients[i] is null)
                {
                    _parameters[i].grad = target;
                }
            }

            at += part.Length;
        }
    }

    private static void Read(Tensor? gradient, Span<float> target)
    {
        if (gradient is null)
        {
            target.Clear();
        }
        else if (NativeFloat32.Supports(gradient))
        {
            new NativeFloat32(gradient).Span.CopyTo(target);
        }
        else
        {
            NativeCopy.ToArray<float>(gradient.to(float32)).CopyTo(target);
        }
    }

    private static void Write(ReadOnlySpan<float> source, Tensor target)
    {
        if (NativeFloat32.Supports(target))
        {
            source.CopyTo(new NativeFloat32(target).Span);
        }
        else
        {
            target.copy_(tensor(source.ToArray()).view(target.shape));
        }
    }
}
