using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// A feature pyramid: the backbone's feature maps to the head's levels <c>[B, OutChannels, H / Strides[i], W / Strides[i]]</c>,
/// finest first. Derive from it to add a neck.
/// </summary>
/// <remarks>
/// To be exported to ONNX, a neck implements
/// <c>IOnnxModule&lt;IReadOnlyList&lt;OnnxValue&gt;, IReadOnlyList&lt;OnnxValue&gt;&gt;</c>. Tensors that <c>forward</c> returns
/// belong to the caller.
/// </remarks>
public abstract class Neck : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>
{
    /// <summary>Initializes the module.</summary>
    /// <param name="name">Name of the module's type.</param>
    /// <param name="outChannels">Channels of every level.</param>
    /// <param name="strides">Pixels between neighboring locations of each level.</param>
    protected Neck(string name, int outChannels, IReadOnlyList<int> strides)
        : base(LibTorch.Named(name)) => (OutChannels, Strides) = (outChannels, strides);

    /// <summary>Gets the channels of every level.</summary>
    public int OutChannels { get; }

    /// <summary>Gets the pixels between neighboring locations of each level.</summary>
    public IReadOnlyList<int> Strides { get; }

    /// <summary>
    /// Gets whether the neck accepts bfloat16 input, as a network of <see cref="Layers.ConvLayer"/> does. When false (default), a
    /// detector that computes in bfloat16 runs the neck in float32. Only then are maps contiguous: with true they may have channels-last memory, in either type.
    /// </summary>
    public virtual bool SupportsBFloat16 => false;

    /// <summary>
    /// Returns the strides of the levels: those of the feature maps from <see cref="NeckOptions.StartLevel"/> on, then doubled
    /// for each further level.
    /// </summary>
    internal static int[] GetStrides(NeckOptions options, Backbone backbone)
    {
        int maps = backbone.Strides.Count;
        OptionGuard.Require(
            options.StartLevel < maps,
            nameof(NeckOptions.StartLevel),
            $"Neck startLevel is {options.StartLevel}; it must be 0 (stride {backbone.Strides[0]}) to {maps - 1} (official: 1).");
        OptionGuard.Require(
            options.Levels >= maps - options.StartLevel,
            nameof(NeckOptions.Levels),
            $"Neck levels is {options.Levels}; it must be at least {maps - options.StartLevel}, one for each feature map from startLevel {options.StartLevel} on.");
        List<int> strides = [.. backbone.Strides.Skip(options.StartLevel)];
        while (strides.Count < options.Levels)
        {
            strides.Add(2 * strides[^1]);
        }

        return [.. strides];
    }
}
