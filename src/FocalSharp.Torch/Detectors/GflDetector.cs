using FocalSharp.Detections;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// A Generalized Focal Loss detector: backbone, pyramid, head; officially ResNet, FPN and GFL head, and then its state dict has
/// mmdetection's names (<c>backbone.</c>, <c>neck.</c>, <c>bbox_head.</c>).
/// </summary>
/// <remarks>
/// Training: <c>model.train(); using HeadOutput output = model.call(model.Preprocess(images, frames));</c> then the criterion and
/// <c>backward()</c>. Under <c>no_grad</c> nothing but the outputs outlives a call.
/// </remarks>
public sealed class GflDetector : nn.Module<Tensor, HeadOutput>, IOnnxModule<OnnxValue, HeadMaps>
{
    /// <summary>Makes a detector with fresh weights.</summary>
    /// <param name="options">Its shape.</param>
    /// <param name="seed">Decides the weights; the global random state is not touched.</param>
    /// <exception cref="FocalSharpException">An option is out of its range, or at odds with another.</exception>
    public GflDetector(DetectorOptions options, ulong seed = 0)
        : base(nameof(GflDetector))
    {
        LibTorch.EnsureLoaded();
        options.Validate();
        Options = options;
        using FinalizerPause pause = FinalizerPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(seed);
        Backbone = Backbone.Create(options.Backbone, generator);
        Neck = Neck.Create(options.Neck, Backbone.OutChannels, generator);
        Head = new GflHead(options.Head, options.Neck.Channels, options.Classes.Count, generator);
        register_module("backbone", Backbone);
        register_module("neck", Neck);
        register_module("bbox_head", Head);
        foreach (Tensor state in parameters().Concat(buffers()))
        {
            state.DetachFromDisposeScope(); // a network outlives the scope that it was made in
        }

        train();
    }

    /// <summary>What the detector was made from.</summary>
    public DetectorOptions Options { get; }

    /// <summary>Arithmetic of the convolutions; float32 unless told otherwise. Outputs are float32 in any case.</summary>
    public Precision Precision { get; set; } = Precision.Float32;

    /// <summary>The feature extractor.</summary>
    public Backbone Backbone { get; }

    /// <summary>The feature pyramid.</summary>
    public Neck Neck { get; }

    /// <summary>The dense head.</summary>
    public GflHead Head { get; }

    /// <summary>Normalises a batch of pictures; outside each one's frame the result is exactly 0, as official.</summary>
    /// <param name="images"><c>[B, 3, H, W]</c>, RGB, 0–255, uint8 or float; padded at right and bottom.</param>
    /// <param name="frames">One frame a picture, or null where nothing is padded.</param>
    /// <returns>float32 <c>[B, 3, H, W]</c>, for <see cref="forward"/>.</returns>
    public Tensor Preprocess(Tensor images, IReadOnlyList<ResizeTransform>? frames = null)
    {
        if (images.dim() != 4 || images.shape[1] != 3)
        {
            throw new ArgumentException($"images must be [B, 3, H, W], not [{string.Join(", ", images.shape)}]", nameof(images));
        }

        if (frames is not null && frames.Count != images.shape[0])
        {
            throw new ArgumentException($"{images.shape[0]} images came with {frames.Count} frames", nameof(frames));
        }

        using IDisposable frozen = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = tensor([.. Options.Mean], device: images.device).view(1, 3, 1, 1);
        Tensor std = tensor([.. Options.Std], device: images.device).view(1, 3, 1, 1);
        Tensor normalized = images.to(ScalarType.Float32).sub(mean).div_(std);
        for (int i = 0; i < (frames?.Count ?? 0); i++)
        {
            Tensor picture = normalized[i];
            picture[TensorIndex.Ellipsis, TensorIndex.Slice(frames![i].Height), TensorIndex.Colon].zero_();
            picture[TensorIndex.Ellipsis, TensorIndex.Slice(frames[i].Width)].zero_();
        }

        return scope.MoveToOuter(normalized);
    }

    /// <summary>Normalises a batch of bytes, ready for <see cref="forward"/> as the detector computes now.</summary>
    /// <param name="pixels">uint8 <c>[B, 3, height, width]</c>, RGB; padded at right and bottom.</param>
    /// <param name="height">Height of the batch.</param>
    /// <param name="width">Width of the batch.</param>
    /// <param name="frames">One frame a picture.</param>
    /// <param name="device">Where the detector is.</param>
    /// <returns><c>[B, 3, height, width]</c> in float32, or bfloat16 where the detector computes in it.</returns>
    public Tensor Preprocess(byte[] pixels, int height, int width, IReadOnlyList<ResizeTransform> frames, Device device)
    {
        if (CanUseFusedKernels(device.type))
        {
            return PixelNormalizer.Normalize(pixels, height, width, frames, Options.Mean, Options.Std);
        }

        using Tensor images = tensor(pixels, [frames.Count, 3, height, width], ScalarType.Byte, device);
        return Preprocess(images, frames);
    }

    /// <summary>
    /// Folds all batch norms in evaluation mode into the convolutions before them, until the scope is disposed: for inference on weights
    /// that stay. The weights are not touched; scopes may nest.
    /// </summary>
    public IDisposable FoldNorms() => new FoldedNorms(this);

    /// <summary>Normalised pictures <c>[B, 3, H, W]</c> to scores and sides of every level.</summary>
    public override HeadOutput forward(Tensor input)
    {
        using FinalizerPause pause = FinalizerPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        using Autocast precision = Autocast.Enter(Precision, input.device_type);
        using ChannelsLast layout = ChannelsLast.Enter(CanUseFusedKernels(input.device_type));
        HeadOutput output = Head.call(Neck.call(Backbone.call(input)));
        scope.MoveToOuter(output.Scores);
        scope.MoveToOuter(output.BoxDistributionLogits);
        return output;
    }

    /// <summary>
    /// Whether bfloat16 on the CPU fuses what stands between the convolutions (default); the numbers are the same but for
    /// rounding.
    /// </summary>
    internal bool UseFusedKernels { get; set; } = true;

    private bool CanUseFusedKernels(DeviceType device) =>
        UseFusedKernels && device == DeviceType.CPU && Precision.Resolve() == Precision.BFloat16 && ChannelsLast.IsSupported;

    HeadMaps IOnnxModule<OnnxValue, HeadMaps>.Emit(OnnxGraph graph, OnnxValue input) =>
        graph.Emit(Head, graph.Emit(Neck, graph.Emit(Backbone, input)));

    /// <summary>Nothing: all parts are registered by their official names; by default their fields would come as well.</summary>
    protected override void RegisterComponents()
    {
    }
}
