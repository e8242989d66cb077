using FocalSharp.Torch.Optimization;
using static TorchSharp.torch;

namespace FocalSharp.Training.Optimization;

/// <summary>
/// Keeps a second model whose weights follow the first's slowly; its predictions are steadier, above all with little data. The
/// decay itself warms up, so that the random start is forgotten soon.
/// </summary>
public sealed class ExponentialMovingAverage
{
    private readonly List<(Tensor Average, Tensor Source)> _pairs = [];
    private readonly List<(Tensor Average, Tensor Source)> _buffers;
    private readonly double _decay;
    private readonly double _warmup;

    /// <summary>Pairs the tensors of two models of the same structure and copies the source's values.</summary>
    /// <param name="average">The model that will hold the average.</param>
    /// <param name="source">The model that is trained.</param>
    /// <param name="decay">Fraction of the average kept at each step, below 1.</param>
    /// <param name="warmup">Steps over which the decay rises: <c>decay · (1 − exp(−step / warmup))</c>.</param>
    public ExponentialMovingAverage(nn.Module average, nn.Module source, double decay, double warmup)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(decay, 1);
        _decay = decay;
        _warmup = warmup;
        Dictionary<string, Tensor> sources = source.state_dict();
        using var guard = no_grad();
        foreach ((string name, Tensor target) in average.state_dict())
        {
            target.copy_(sources[name]);
            _pairs.Add((target, sources[name]));
        }

        _buffers = [.. _pairs.Where(pair => !TensorList.Supports(pair.Average) || !TensorList.Supports(pair.Source))];
        _pairs.RemoveAll(_buffers.Contains);
    }

    /// <summary>Updates taken so far.</summary>
    public int UpdateCount { get; internal set; }

    /// <summary>Moves the average a step towards the source; integers are copied.</summary>
    public void Update()
    {
        UpdateCount++;
        double decay = _decay * (1 - Math.Exp(-UpdateCount / _warmup));
        FusedOptimizerKernels.Lerp(
            new TensorList(_pairs.ConvertAll(pair => pair.Average)), new TensorList(_pairs.ConvertAll(pair => pair.Source)), 1 - decay);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach ((Tensor average, Tensor source) in _buffers)
        {
            if (is_floating_point(average))
            {
                average.lerp_(source, 1 - decay);
            }
            else
            {
                average.copy_(source);
            }
        }
    }
}
