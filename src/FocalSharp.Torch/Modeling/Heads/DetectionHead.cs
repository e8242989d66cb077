using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>
/// A dense head: the levels <c>[B, channels, H, W]</c> of a neck, finest first, to class scores and to the distributions of the
/// four box sides at every location. Derive from it to add a head.
/// </summary>
/// <remarks>
/// To be exported to ONNX, a head implements <c>IOnnxModule&lt;IReadOnlyList&lt;OnnxValue&gt;, OnnxHeadOutput&gt;</c>. Tensors
/// that <c>forward</c> returns belong to the caller.
/// </remarks>
public abstract class DetectionHead : nn.Module<IReadOnlyList<Tensor>, HeadOutput>
{
    /// <summary>Initializes the module.</summary>
    /// <param name="name">Name of the module's type.</param>
    /// <param name="options">Distributions and anchors.</param>
    protected DetectionHead(string name, HeadOptions options)
        : base(LibTorch.Named(name)) => Options = options;

    /// <summary>Gets the options, which training and decoding read distributions and anchors from.</summary>
    public HeadOptions Options { get; }

    /// <summary>
    /// Gets whether the head accepts bfloat16 input, as a network of <see cref="Layers.ConvLayer"/> does. When false (default), a
    /// detector that computes in bfloat16 runs the head in float32.
    /// </summary>
    public virtual bool SupportsBFloat16 => false;
}
