using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Distributed;

/// <summary>
/// A range of the gradient buffer that is summed over the ranks in one exchange: the gradients of some parameters, then a number per parameter that
/// is 1 if this rank has a gradient, and the number of ranks that have one afterwards.
/// </summary>
internal sealed class GradientBucket
{
    private const int Alignment = 16; // values in 64 bytes: a cache line, and the widest vector

    private readonly Parameter[] _parameters;
    private readonly Tensor[] _views;
    private readonly bool[] _isTaken;
    private readonly bool[] _isFilled;
    private readonly int _flags;
    private int _waiting;

    private GradientBucket(Parameter[] parameters, Tensor buffer, int start)
    {
        (_parameters, Start) = (parameters, start);
        _views = new Tensor[parameters.Length];
        _isTaken = new bool[parameters.Length];
        _isFilled = new bool[parameters.Length];
        int at = start;
        for (int i = 0; i < parameters.Length; i++)
        {
            int length = (int)parameters[i].numel();
            _views[i] = buffer.narrow(0, at, length).view(parameters[i].shape).DetachFromDisposeScope();
            at += Align(length);
        }

        _flags = at;
        Length = at + Align(parameters.Length) - start;
    }

    /// <summary>Gets the first value of the bucket in the buffer.</summary>
    public int Start { get; }

    /// <summary>Gets the number of values.</summary>
    public int Length { get; }

    /// <summary>Gets whether the gradients of all parameters are in the buffer.</summary>
    public bool IsComplete => _waiting == _parameters.Length;

    /// <summary>Returns the number of values that a bucket of these parameters takes.</summary>
    public static int Measure(IReadOnlyCollection<Parameter> parameters) =>
        parameters.Sum(parameter => Align(checked((int)parameter.numel()))) + Align(parameters.Count);

    /// <summary>Splits parameters into buckets, in their order.</summary>
    /// <param name="parameters">The parameters, in the order in which their gradients become complete.</param>
    /// <param name="maxLength">The maximum number of values of a bucket; a larger parameter has its own.</param>
    public static IReadOnlyList<Parameter[]> Split(IEnumerable<Parameter> parameters, int maxLength)
    {
        List<Parameter[]> buckets = [];
        List<Parameter> open = [];
        long length = 0;
        foreach (Parameter parameter in parameters)
        {
            if (open.Count > 0 && length + parameter.numel() > maxLength)
            {
                buckets.Add([.. open]);
                open.Clear();
                length = 0;
            }

            open.Add(parameter);
            length += parameter.numel();
        }

        return open.Count == 0 ? buckets : [.. buckets, [.. open]];
    }

    /// <summary>Places buckets one after the other in a buffer of float32, which must be as long as all of them.</summary>
    public static GradientBucket[] Place(IReadOnlyList<Parameter[]> parameters, Tensor buffer)
    {
        GradientBucket[] buckets = new GradientBucket[parameters.Count];
        int start = 0;
        for (int i = 0; i < buckets.Length; i++)
        {
            buckets[i] = new GradientBucket(parameters[i], buffer, start);
            start += buckets[i].Length;
        }

        return buckets;
    }

    /// <summary>Forgets the gradients of the step before.</summary>
    /// <param name="buffer">The whole buffer.</param>
    public void Clear(Span<float> buffer)
    {
        Array.Clear(_isFilled);
        buffer[_flags..(Start + Length)].Clear();
        BeginBatch();
    }

    /// <summary>Expects the gradients of another batch, which are added.</summary>
    public void BeginBatch()
    {
        Array.Clear(_isTaken);
        _waiting = 0;
    }

    /// <summary>
    /// Moves the gradients that exist into the buffer. A parameter's gradient is null until the backward pass stores it, once, when it is complete;
    /// taking it makes it null again.
    /// </summary>
    /// <param name="buffer">The whole buffer.</param>
    /// <param name="isLast">Whether the backward pass has ended: a parameter without a gradient has none.</param>
    public void Take(Span<float> buffer, bool isLast)
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (_isTaken[i])
            {
                continue;
            }

            using Tensor? gradient = _parameters[i].grad;
            if (gradient is null)
            {
                if (!isLast)
                {
                    return; // they become complete in about this order: do not ask for the rest
                }
            }
            else
            {
                _ = _isFilled[i] ? _views[i].add_(gradient) : _views[i].copy_(gradient);
                _parameters[i].grad = null;
                _isFilled[i] = true;
                buffer[_flags + i] = 1;
            }

            _isTaken[i] = true;
            _waiting++;
        }
    }

    /// <summary>Sets the values of parameters without a gradient to 0, before the exchange.</summary>
    public void ClearMissing()
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (!_isFilled[i])
            {
                _ = _views[i].zero_();
            }
        }
    }

    /// <summary>Makes the sums the gradients of the parameters, without a copy on the CPU. A parameter without a gradient on any rank gets none.</summary>
    /// <param name="buffer">The whole buffer.</param>
    public void Assign(ReadOnlySpan<float> buffer)
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (buffer[_flags + i] == 0)
            {
                continue;
            }

            if (_parameters[i].device_type == DeviceType.CPU)
            {
                _parameters[i].grad = _views[i];
            }
            else
            {
                using Tensor copy = _views[i].to(_parameters[i].device);
                _parameters[i].grad = copy;
            }
        }
    }

    /// <summary>Releases the views of the buffer.</summary>
    public void Dispose() => Array.ForEach(_views, view => view.Dispose());

    private static int Align(int length) => (length + Alignment - 1) / Alignment * Alignment;
}
