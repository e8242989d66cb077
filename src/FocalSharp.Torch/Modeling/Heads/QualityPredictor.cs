using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>
/// GFLv2's Distribution-Guided Quality Predictor: computes one number in (0, 1) per location from the highest probabilities of
/// the four sides' distributions, by which the class probabilities are multiplied. Gradient flows through it into the sides.
/// Initial weights: N(0, 0.01).
/// </summary>
internal sealed class QualityPredictor : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    private readonly QualityPredictorOptions _options;
    private readonly int _bins;
    private readonly ConvLayer _hidden;
    private readonly ConvLayer _output;

    /// <summary>Creates the predictor for distributions over the bins 0 to <paramref name="regMax"/>.</summary>
    public QualityPredictor(QualityPredictorOptions options, int regMax, Generator generator)
        : base(nameof(QualityPredictor))
    {
        _options = options;
        _bins = regMax + 1;
        int statistics = 4 * (options.TopK + (options.AddMean ? 1 : 0));
        _hidden = new ConvLayer(statistics, options.Channels, kernel: 1);
        _output = new ConvLayer(options.Channels, 1, kernel: 1);
        Initialization.Normal(_hidden.Weight, 0.01, generator);
        Initialization.Normal(_output.Weight, 0.01, generator);
        register_module("0", _hidden);
        register_module("2", _output);
    }

    /// <summary>Computes the quality <c>[B, 1, H, W]</c> from the logits of the sides <c>[B, 4·(n+1), H, W]</c>.</summary>
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

    // Laid out by location, so that the softmax runs over contiguous memory and the 1x1 convolutions are matrix products.
    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue sides = graph.Reshape(graph.Transpose(input, 0, 2, 3, 1), 0, -1, 4, _bins);
        OnnxValue statistics = graph.TopK(graph.Softmax(sides, -1), graph.Integers(_options.TopK), -1).Values;
        if (_options.AddMean)
        {
            statistics = graph.Concat(-1, statistics, graph.ReduceMean(statistics, -1, keepDims: true));
        }

        OnnxValue hidden = graph.Relu(_hidden.EmitLinear(graph, graph.Reshape(statistics, 0, -1, _hidden.Weight.shape[1])));
        OnnxValue quality = graph.Sigmoid(_output.EmitLinear(graph, hidden));
        OnnxValue shape = graph.Concat(0, graph.Sizes(input, 0, 1), graph.Integers(1), graph.Sizes(input, 2, 4));
        return graph.ReshapeTo(quality, shape);
    }

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
