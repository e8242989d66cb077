using FocalSharp.Torch.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Heads;

/// <summary>
/// GFLv2's Distribution-Guided Quality Predictor: from the shape of the four sides' distributions (their highest probabilities) to
/// one number in (0, 1) a location, by which the class probabilities are multiplied. Gradient flows through it into the sides.
/// </summary>
public sealed class QualityPredictor : nn.Module<Tensor, Tensor>
{
    private readonly QualityPredictorOptions _options;
    private readonly ConvLayer _hidden;
    private readonly ConvLayer _output;

    /// <summary>Makes the predictor for distributions over bins 0..<paramref name="regMax"/>; weights N(0, 0.01).</summary>
    /// <exception cref="UserErrorException">An option is out of its range.</exception>
    public QualityPredictor(QualityPredictorOptions options, int regMax, Generator generator)
        : base(nameof(QualityPredictor))
    {
        options.Validate(regMax);
        _options = options;
        int statistics = 4 * (options.TopK + (options.AddMean ? 1 : 0));
        _hidden = new ConvLayer(statistics, options.Channels, kernel: 1);
        _output = new ConvLayer(options.Channels, 1, kernel: 1);
        Initialization.Normal(_hidden.Weight, 0.01, generator);
        Initialization.Normal(_output.Weight, 0.01, generator);
        register_module("0", _hidden);
        register_module("2", _output);
    }

    /// <summary>Logits of the sides <c>[B, 4·(n+1), H, W]</c> to the quality <c>[B, 1, H, W]</c>.</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] shape = input.shape;
        Tensor probabilities = input.reshape(shape[0], 4, shape[1] / 4, shape[2], shape[3]).softmax(2);
        Tensor statistics = probabilities.topk(_options.TopK, dim: 2).values;
        if (_options.AddMean)
        {
            statistics = cat([statistics, statistics.mean([2], keepdim: true)], 2);
        }

        Tensor hidden = _hidden.call(statistics.flatten(1, 2)).relu_();
        return scope.MoveToOuter(_output.call(hidden).sigmoid_());
    }

    /// <summary>Nothing: all parts are registered by their official names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
