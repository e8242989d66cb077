using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>
/// GFLv2's Distribution-Guided Quality Predictor: from the shape of the four sides' distributions (their highest probabilities) to
/// one number in (0, 1) a location, by which the class probabilities are multiplied. Gradient flows through it into the sides.
/// </summary>
public sealed class QualityPredictor : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    private readonly QualityPredictorOptions _options;
    private readonly int _bins;
    private readonly ConvLayer _hidden;
    private readonly ConvLayer _output;

    /// <summary>Makes the predictor for distributions over bins 0..<paramref name="regMax"/>; weights N(0, 0.01).</summary>
    /// <exception cref="FocalSharpException">An option is out of its range.</exception>
    public QualityPredictor(QualityPredictorOptions options, int regMax, Generator generator)
        : base(nameof(QualityPredictor))
    {
        options.Validate(regMax);
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

    // By location, so that the softmax runs over neighbours in memory and the 1x1 convolutions are products of matrices.
    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input)
    {
        OnnxValue sides = graph.Reshape(graph.Transpose(input, 0, 2, 3, 1), 0, -1, 4, _bins);
        OnnxValue statistics = graph.TopK(graph.Softmax(sides, -1), graph.Integers(_options.TopK), -1).Values;
        if (_options.AddMean)
        {
            statistics = graph.Concat(-1, statistics, graph.ReduceMean(statistics, -1, keep: true));
        }

        OnnxValue hidden = graph.Relu(graph.Linear(_hidden, graph.Reshape(statistics, 0, -1, _hidden.Weight.shape[1])));
        OnnxValue quality = graph.Sigmoid(graph.Linear(_output, hidden));
        OnnxValue shape = graph.Concat(0, graph.Sizes(input, 0, 1), graph.Integers(1), graph.Sizes(input, 2, 4));
        return graph.ReshapeTo(quality, shape);
    }

    /// <summary>Nothing: all parts are registered by their official names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
