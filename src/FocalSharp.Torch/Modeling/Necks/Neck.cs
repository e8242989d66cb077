using FocalSharp.Torch.Onnx.Graph;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>A feature pyramid: the backbone's C2..C5 to the head's levels, finest first, all of one width.</summary>
public abstract class Neck
    : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>, IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>
{
    private protected Neck(string name)
        : base(name)
    {
    }

    /// <summary>Makes the neck that the options ask for and fills it from the generator.</summary>
    /// <exception cref="FocalSharpException">An option is out of its range.</exception>
    public static Neck Create(NeckOptions options, IReadOnlyList<int> backboneChannels, Generator generator) =>
        options.Kind == NeckKind.Pan ? new Pan(options, backboneChannels, generator) : new Fpn(options, backboneChannels, generator);

    IReadOnlyList<OnnxValue> IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>.Emit(
        OnnxGraph graph, IReadOnlyList<OnnxValue> input) => Emit(graph, input);

    /// <summary>Writes the neck, as its <c>forward</c> computes.</summary>
    private protected abstract IReadOnlyList<OnnxValue> Emit(OnnxGraph graph, IReadOnlyList<OnnxValue> input);
}
