using FocalSharp.Detections;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// A Generalized Focal Loss detector: a backbone, a neck and a dense head. With the official parts its state dict has
/// mmdetection's names (<c>backbone.</c>, <c>neck.</c>, <c>bbox_head.</c>).
/// </summary>
/// <remarks>
/// Training: <c>model.train(); using HeadOutput output = model.call(model.Preprocess(images, transforms));</c>, then
/// <see cref="GflCriterion"/> and <c>backward()</c>. Under <c>no_grad</c> only the outputs remain allocated after a call.
/// </remarks>
public sealed class GflDetector : nn.Module<Tensor, HeadOutput>, IOnnxModule<OnnxValue, OnnxHeadOutput>
{
    private readonly bool _hasDepthwise;

    /// <summary>Initializes a detector with random weights whose parts are created from options.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="seed">Seed of the weights; the global random state is not used.</param>
    /// <exception cref="OptionException">
    /// An option is out of range, conflicts with another, or names a kind that is not registered.
    /// </exception>
    /// <exception cref="PlatformException">libtorch cannot be loaded.</exception>
    public GflDetector(DetectorOptions options, ulong seed = 0)
        : this(options, CreateParts(options, seed))
    {
    }

    /// <summary>Initializes a detector from given parts, which it owns.</summary>
    /// <param name="options">
    /// Classes, losses, postprocessing and normalization. Its options of backbone, neck and head only describe the parts in model
    /// files: to load such a file with <see cref="Checkpoints.DetectorCheckpoint"/> they must create the same parts.
    /// </param>
    /// <param name="backbone">The backbone.</param>
    /// <param name="neck">The neck.</param>
    /// <param name="head">The head.</param>
    /// <exception cref="OptionException">An option is out of range, or the strides of neck and head differ.</exception>
    public GflDetector(DetectorOptions options, Backbone backbone, Neck neck, DetectionHead head)
        : this(options, new Parts(backbone, neck, head, Guidance: null))
    {
    }

    private GflDetector(DetectorOptions options, Parts parts)
        : base(LibTorch.Named(nameof(GflDetector)))
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (Backbone, Neck, Head, Guidance) = parts;
        OptionGuard.Require(
            Head.Options.Strides.SequenceEqual(Neck.Strides),
            nameof(HeadOptions.Strides),
            $"The neck has levels at strides {string.Join(", ", Neck.Strides)}, but the head's strides are {string.Join(", ", Head.Options.Strides)}; "
            + "change neck levels and startLevel, or head strides, so that they agree.");
        Options = options with { Head = Head.Options };
        _hasDepthwise = new nn.Module[] { Backbone, Neck, Head }.Any(part => part.modules().OfType<ConvLayer>().Any(layer => layer.Depthwise));
        register_module("backbone", Backbone);
        register_module("neck", Neck);
        register_module("bbox_head", Head);
        if (Guidance is not null)
        {
            register_module(GuidancePrefix.TrimEnd('.'), Guidance);
        }

        train();
    }

    /// <summary>The start of the names of weights that only training has.</summary>
    internal const string GuidancePrefix = "guidance.";

    /// <summary>Gets the options.</summary>
    public DetectorOptions Options { get; }

    /// <summary>Gets or sets the arithmetic of the convolutions (default: float32). Outputs are always float32.</summary>
    public Precision Precision { get; set; } = Precision.Float32;

    /// <summary>Gets the backbone.</summary>
    public Backbone Backbone { get; }

    /// <summary>Gets the neck.</summary>
    public Neck Neck { get; }

    /// <summary>Gets the head.</summary>
    public DetectionHead Head { get; }

    /// <summary>Gets the assign guidance module, a part of training only, or null.</summary>
    internal AssignGuidance? Guidance { get; }

    /// <summary>Normalizes a batch of images; the padding becomes exactly 0, as in the official code.</summary>
    /// <param name="images"><c>[B, 3, H, W]</c>, RGB, 0 to 255, uint8 or float; padded at right and bottom.</param>
    /// <param name="frames">The resize transform of each image, or null if nothing is padded.</param>
    /// <returns>float32 <c>[B, 3, H, W]</c>, for <see cref="forward"/>.</returns>
    public Tensor Preprocess(Tensor images, IReadOnlyList<ResizeTransform>? frames = null)
    {
        LossGuards.RequireLive(images, nameof(images));
        if (images.dim() != 4 || images.shape[1] != 3)
        {
            throw new ArgumentException($"Images must be [B, 3, H, W], not [{string.Join(", ", images.shape)}].", nameof(images));
        }

        if (frames is not null && frames.Count != images.shape[0])
        {
            throw new ArgumentException($"There are {images.shape[0]} images, but {frames.Count} resize transforms.", nameof(frames));
        }

        RequireInside(frames, images.shape[2], images.shape[3]);
        using IDisposable frozen = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = tensor([.. Options.Mean], device: images.device).view(1, 3, 1, 1);
        Tensor std = tensor([.. Options.Std], device: images.device).view(1, 3, 1, 1);
        Tensor normalized = images.to(ScalarType.Float32).sub(mean).div_(std);
        for (int i = 0; i < (frames?.Count ?? 0); i++)
        {
            Tensor image = normalized[i];
            image[TensorIndex.Ellipsis, TensorIndex.Slice(frames![i].Height), TensorIndex.Colon].zero_();
            image[TensorIndex.Ellipsis, TensorIndex.Slice(frames[i].Width)].zero_();
        }

        return scope.MoveToOuter(normalized);
    }

    /// <summary>Normalizes a batch of bytes in the detector's precision.</summary>
    /// <param name="pixels">uint8 <c>[B, 3, height, width]</c>, RGB; padded at right and bottom.</param>
    /// <param name="height">Height of the batch.</param>
    /// <param name="width">Width of the batch.</param>
    /// <param name="frames">The resize transform of each image.</param>
    /// <param name="device">The detector's device.</param>
    /// <returns><c>[B, 3, height, width]</c> in float32, or bfloat16 if the detector computes in it.</returns>
    public Tensor Preprocess(byte[] pixels, int height, int width, IReadOnlyList<ResizeTransform> frames, Device device)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(device);
        if (pixels.Length != frames.Count * 3L * height * width)
        {
            throw new ArgumentException($"'{nameof(pixels)}' must have the shape [{frames.Count}, 3, {height}, {width}], but there are {pixels.Length} bytes.", nameof(pixels));
        }

        RequireInside(frames, height, width);
        if (FusedType(device.type, ScalarType.Float32) is { } type)
        {
            return PixelNormalizer.Normalize(type, pixels, height, width, frames, Options.Mean, Options.Std);
        }

        using Tensor images = tensor(pixels, [frames.Count, 3, height, width], ScalarType.Byte, device);
        return Preprocess(images, frames);
    }

    /// <summary>
    /// Folds all batch norms in evaluation mode into the convolutions before them until the result is disposed, for faster
    /// inference while the weights do not change. Parameters are not modified; scopes may nest.
    /// </summary>
    public IDisposable FoldNorms() => new FoldedNorms(this);

    /// <summary>Computes class scores and box distributions of every level from normalized images <c>[B, 3, H, W]</c>.</summary>
    /// <exception cref="ArgumentException">The input has another shape, or is not floating-point.</exception>
    public override HeadOutput forward(Tensor input)
    {
        LossGuards.RequireLive(input, nameof(input));
        if (input.dim() != 4 || input.size(1) != 3 || input.size(2) < 1 || input.size(3) < 1 || !is_floating_point(input))
        {
            throw new ArgumentException(
                $"'input' must be normalized images [B, 3, H, W] in floating point (see Preprocess), but is [{string.Join(", ", input.shape)}] of type {input.dtype}.", nameof(input));
        }

        if (training)
        {
            (long height, long width) = (input.size(2), input.size(3));
            TrainedSize = (Math.Max(TrainedSize?.LongSide ?? 0, Math.Max(height, width)), Math.Max(TrainedSize?.ShortSide ?? 0, Math.Min(height, width)));
        }

        using FinalizerPause pause = FinalizerPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        using Autocast precision = Autocast.Enter(Precision, input.device_type);
        using ChannelsLast layout = ChannelsLast.Enter(FusedType(input.device_type, input.dtype));
        IReadOnlyList<Tensor> features = Run(Backbone, Backbone.SupportsBFloat16, input, ToPlain);
        IReadOnlyList<Tensor> levels = Run(Neck, Neck.SupportsBFloat16, features, ToPlain);
        HeadOutput output = Run(Head, Head.SupportsBFloat16, levels, ToPlain);
        output.Guidance = training && Guidance is not null ? RunGuidance(Guidance, features, levels) : null;
        output.Features = KeepsFeatures ? levels : null;
        scope.MoveToOuter(output.Tensors);
        return output;
    }

    private static void RequireInside(IReadOnlyList<ResizeTransform>? frames, long height, long width)
    {
        for (int i = 0; i < (frames?.Count ?? 0); i++)
        {
            if (frames![i].Width < 1 || frames[i].Width > width || frames[i].Height < 1 || frames[i].Height > height)
            {
                throw new ArgumentException($"Image {i} has {frames[i].Width}x{frames[i].Height} pixels, but the batch {width}x{height}.", nameof(frames));
            }
        }
    }

    private static HeadOutput RunGuidance(AssignGuidance guidance, IReadOnlyList<Tensor> features, IReadOnlyList<Tensor> levels)
    {
        IReadOnlyList<Tensor> own = Run(guidance.Neck, guidance.Neck.SupportsBFloat16, guidance.Read(features), ToPlain);
        Tensor[] joint = [.. guidance.Read(levels).Zip(own, (level, second) => cat([level, second], 1))];
        return Run<IReadOnlyList<Tensor>, HeadOutput>(guidance.Head, guidance.Head.SupportsBFloat16, joint, ToPlain);
    }

    /// <summary>Gets the sides of the largest input that the detector was trained on; null if it was not trained.</summary>
    internal (long LongSide, long ShortSide)? TrainedSize { get; private set; }

    /// <summary>Gets or sets the metadata of the resize rule of the file that the detector was loaded from; empty if there is none.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> LoadedResize { get; set; } = [];

    /// <summary>Gets or sets whether outputs contain the neck's maps, for feature imitation.</summary>
    internal bool KeepsFeatures { get; set; }

    /// <summary>
    /// Gets or sets whether depthwise convolutions, norms, activations and pools are fused on the CPU, in bfloat16 or float32 (default: true); the results
    /// are equal except for rounding.
    /// </summary>
    internal bool UseFusedKernels { get; set; } = true;

    // The type of the maps that fused code computes for input of a type, or null if libtorch's operators compute. In float32, oneDNN's gradients of dense 3x3
    // kernels are slower over channels-last maps than depthwise convolutions, norms and pools gain, so that only networks with depthwise convolutions train so.
    private ScalarType? FusedType(DeviceType device, ScalarType input)
    {
        ScalarType type = Precision.Resolve() == Precision.BFloat16 ? ScalarType.BFloat16 : input;
        bool gains = type == ScalarType.BFloat16 || !training || _hasDepthwise;
        return UseFusedKernels && gains && device == DeviceType.CPU && ChannelsLast.IsSupported(type) ? type : null;
    }

    OnnxHeadOutput IOnnxModule<OnnxValue, OnnxHeadOutput>.Emit(OnnxGraph graph, OnnxValue input) =>
        graph.Emit<IReadOnlyList<OnnxValue>, OnnxHeadOutput>(
            Head,
            graph.Emit<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>(Neck, graph.Emit<OnnxValue, IReadOnlyList<OnnxValue>>(Backbone, input)));

    private static Parts CreateParts(DetectorOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        LibTorch.EnsureLoaded();
        options.Validate();
        using FinalizerPause pause = FinalizerPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(seed);
        Backbone backbone = Backbones.Create(options.Backbone, generator);
        Neck neck = Necks.Create(options.Neck, backbone, generator);
        DetectionHead head = Heads.Create(options.Head, neck, options.Classes.Count, generator);
        AssignGuidance? guidance = options.Loss.AssignGuidance ? new AssignGuidance(options, backbone, neck, generator) : null;
        foreach (nn.Module part in guidance is null ? new nn.Module[] { backbone, neck, head } : [backbone, neck, head, guidance])
        {
            foreach (Tensor state in part.parameters().Concat(part.buffers()))
            {
                state.DetachFromDisposeScope(); // the weights outlive the scope
            }
        }

        return new Parts(backbone, neck, head, guidance);
    }

    // Parts that do not support bfloat16 compute in float32, over maps in the default layout, which they may reshape.
    private static TOutput Run<TInput, TOutput>(nn.Module<TInput, TOutput> part, bool supportsBFloat16, TInput input, Func<TInput, TInput> toPlain)
    {
        if (supportsBFloat16 || (!Autocast.IsEnabled && !ChannelsLast.IsOn))
        {
            return part.call(input);
        }

        using Autocast precision = Autocast.Enter(Precision.Float32);
        using ChannelsLast layout = ChannelsLast.Enter(null);
        return part.call(toPlain(input));
    }

    private static Tensor ToPlain(Tensor tensor) => tensor.to(ScalarType.Float32).contiguous();

    private static IReadOnlyList<Tensor> ToPlain(IReadOnlyList<Tensor> tensors) => [.. tensors.Select(ToPlain)];

    private sealed record Parts(Backbone Backbone, Neck Neck, DetectionHead Head, AssignGuidance? Guidance);

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
