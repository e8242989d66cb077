using FocalSharp.Torch.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>
/// A feature extractor: images <c>[B, 3, H, W]</c> to feature maps <c>[B, OutChannels[i], H / Strides[i], W / Strides[i]]</c>,
/// finest first. Derive from it to add a backbone.
/// </summary>
/// <remarks>
/// To be exported to ONNX, a backbone implements <c>IOnnxModule&lt;OnnxValue, IReadOnlyList&lt;OnnxValue&gt;&gt;</c>. Tensors
/// that <c>forward</c> returns belong to the caller.
/// </remarks>
public abstract class Backbone : nn.Module<Tensor, IReadOnlyList<Tensor>>
{
    private nn.Module[] _frozen = [];
    private bool _freezesBatchNorm;

    /// <summary>Initializes the module.</summary>
    /// <param name="name">Name of the module's type.</param>
    protected Backbone(string name)
        : base(LibTorch.Named(name))
    {
    }

    /// <summary>Gets the channels of each feature map.</summary>
    public abstract IReadOnlyList<int> OutChannels { get; }

    /// <summary>Gets the pixels between neighboring locations of each feature map (default: 4, 8, 16, 32).</summary>
    public virtual IReadOnlyList<int> Strides => [4, 8, 16, 32];

    /// <summary>
    /// Gets whether the backbone accepts bfloat16 input, as a network of <see cref="Layers.ConvLayer"/> does. When false
    /// (default), a detector that computes in bfloat16 runs the backbone in float32. Only then is the input contiguous: with true it may have channels-last
    /// memory, in either type.
    /// </summary>
    public virtual bool SupportsBFloat16 => false;

    /// <summary>
    /// Switches between training and evaluation mode. Frozen modules stay in evaluation mode, and so do all batch norms if they
    /// are frozen; see <see cref="Freeze"/>.
    /// </summary>
    public override void train(bool train = true)
    {
        base.train(train);
        if (!train)
        {
            return;
        }

        IEnumerable<nn.Module> norms = _freezesBatchNorm ? modules().OfType<BatchNorm2d>() : [];
        foreach (nn.Module module in _frozen.Concat(norms))
        {
            module.eval();
        }
    }

    /// <summary>Excludes modules from training. Call it at the end of the constructor.</summary>
    /// <param name="modules">Modules whose parameters get no gradient, and which stay in evaluation mode.</param>
    /// <param name="batchNorms">Whether all batch norms of the backbone use their running statistics in training too.</param>
    protected void Freeze(IEnumerable<nn.Module> modules, bool batchNorms = false)
    {
        _frozen = [.. modules];
        _freezesBatchNorm = batchNorms;
        foreach (Parameter parameter in _frozen.SelectMany(module => module.parameters()))
        {
            parameter.requires_grad = false;
        }
    }
}
