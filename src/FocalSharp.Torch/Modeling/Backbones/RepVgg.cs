using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// RepVGG, a backbone of NanoDet: a stem and four stages of <see cref="RepVggBlock"/>, each of stride 2. The features, of the last three
/// stages, have strides 8, 16 and 32. Parameter names are the official ones. Initial weights: Kaiming normal (fan-out).
/// </summary>
internal sealed class RepVgg : Backbone, IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>
{
    private const int FeatureCount = 3;

    private readonly RepVggBlock _stem;
    private readonly RepVggBlock[][] _stages;

    /// <summary>Creates the network with random weights.</summary>
    public RepVgg(RepVggOptions options, Generator generator)
        : base(nameof(RepVgg))
    {
        int[] channels = options.GetStageChannels();
        int inChannels = options.StemChannels;
        _stem = new RepVggBlock(3, inChannels, stride: 2, groups: 1, options.Deploy, generator);
        register_module("stage0", _stem);
        _stages = new RepVggBlock[channels.Length][];
        int layer = 1;
        for (int stage = 0; stage < channels.Length; stage++)
        {
            _stages[stage] = new RepVggBlock[options.GetStageBlocks()[stage]];
            for (int block = 0; block < _stages[stage].Length; block++, layer++)
            {
                _stages[stage][block] = new RepVggBlock(inChannels, channels[stage], block == 0 ? 2 : 1, options.GetGroups(layer), options.Deploy, generator);
                inChannels = channels[stage];
            }

            register_module($"stage{stage + 1}", nn.ModuleList(_stages[stage]));
        }

        OutChannels = channels[^FeatureCount..];
        Freeze(options.FrozenStages < 0 ? [] : [_stem, .. _stages.Take(options.FrozenStages).SelectMany(stage => stage)], options.FrozenBatchNorm);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutChannels { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Strides => [8, 16, 32];

    /// <inheritdoc/>
    public override bool SupportsBFloat16 => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return BlockStages.Run(scope, _stem.call(input), _stages, FeatureCount);
    }

    IReadOnlyList<OnnxValue> IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>.Emit(OnnxGraph graph, OnnxValue input) =>
        BlockStages.Emit(graph, graph.Emit<OnnxValue, OnnxValue>(_stem, input), _stages, FeatureCount);

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
