using FocalSharp.Torch.Optimization;
using static TorchSharp.torch;

namespace FocalSharp.Training.Optimization;

/// <summary>
/// The exponential moving average of a model's weights, in a second model; its predictions are more stable, above all with little data.
/// The decay warms up, so that the random initialization is forgotten soon.
/// </summary>
internal sealed class ExponentialMovingAverage
{
    private readonly List<(Tensor Average, Tensor Source)> _pairs = [];
    private readonly List<(Tensor Average, Tensor Source)> _buffers;
    private readonly double _decay;
    private readonly double _warmup;

    /// <summary>Initializes an average with the values of a model of the same structure.</summary>
    /// <param name="average">The model that receives the average.</param>
    /// <param name="source">The trained model.</param>
    /// <param name="decay">The decay per step, 0 to below 1.</param>
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

    /// <summary>Gets or sets the number of updates.</summary>
    public int UpdateCount { get; set; }

    /// <summary>Updates the average; integers are copied.</summary>
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
