using FocalSharp.Checkpoints;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Support;

/// <summary>
/// NanoDet with EfficientNet-Lite or RepVGG as the official code names, shapes and computes it (RangiLyu/nanodet,
/// <c>efficientnet_lite.py</c>, <c>repvgg.py</c>, <c>pan.py</c>, <c>nanodet_head.py</c>), over random weights.
/// </summary>
internal sealed class OfficialNanoDet
{
    private static readonly int[] Strides = [8, 16, 32];

    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    private readonly Generator _generator;
    private readonly Func<Tensor, Tensor[]> _backbone;
    private readonly bool _depthwise;
    private readonly int _convs;

    private OfficialNanoDet(Generator generator, Func<OfficialNanoDet, (Func<Tensor, Tensor[]> Forward, int[] Channels)> backbone, int channels, int convs, bool depthwise, int regMax, int classes)
    {
        _generator = generator;
        (_depthwise, _convs) = (depthwise, convs);
        (_backbone, int[] widths) = backbone(this);
        for (int level = 0; level < Strides.Length; level++)
        {
            AddConv($"fpn.lateral_convs.{level}.conv", widths[level], channels, 1, bias: true);
        }

        for (int level = 0; level < Strides.Length; level++)
        {
            for (int i = 0; i < convs; i++)
            {
                string prefix = $"head.cls_convs.{level}.{i}";
                if (depthwise)
                {
                    AddConv($"{prefix}.depthwise", channels, channels, 3, groups: channels);
                    AddConv($"{prefix}.pointwise", channels, channels, 1);
                    AddNorm($"{prefix}.dwnorm", channels);
                    AddNorm($"{prefix}.pwnorm", channels);
                }
                else
                {
                    AddConv($"{prefix}.conv", channels, channels, 3);
                    AddNorm($"{prefix}.bn", channels);
                }
            }

            AddConv($"head.gfl_cls.{level}", channels, classes + (4 * (regMax + 1)), 1, bias: true);
            AddConv($"head.gfl_reg.{level}", channels, 4 * (regMax + 1), 1, bias: true); // unused where classes and sides share a tower
        }

        _tensors.Add("head.distribution_project.project", linspace(0, regMax, regMax + 1));
    }

    /// <summary>Creates a detector with EfficientNet-Lite.</summary>
    /// <param name="generator">Source of the weights.</param>
    /// <param name="outputs">Output channels of the seven stages.</param>
    /// <param name="repeats">Blocks of the seven stages.</param>
    /// <param name="channels">Channels of neck and head.</param>
    /// <param name="convs">Blocks of a level's tower.</param>
    /// <param name="regMax">The highest bin.</param>
    /// <param name="classes">Number of classes.</param>
    public static OfficialNanoDet CreateLite(Generator generator, int[] outputs, int[] repeats, int channels, int convs, int regMax, int classes) =>
        new(generator, net => (net.AddLite(outputs, repeats), [outputs[2], outputs[4], outputs[6]]), channels, convs, depthwise: true, regMax, classes);

    /// <summary>Creates a detector with RepVGG-A0, whose last stage has 512 channels.</summary>
    /// <param name="generator">Source of the weights.</param>
    /// <param name="deploy">Whether each block is one convolution.</param>
    /// <param name="classes">Number of classes.</param>
    public static OfficialNanoDet CreateRepVgg(Generator generator, bool deploy, int classes) =>
        new(generator, net => (net.AddRepVgg(deploy), [96, 192, 512]), 128, 2, depthwise: false, regMax: 10, classes);

    /// <summary>Returns the state dict.</summary>
    /// <param name="prefix">What precedes each name.</param>
    public StateDict ToStateDict(string prefix = "") => new(_tensors.Select(pair => KeyValuePair.Create(prefix + pair.Key, ToState(pair.Value))));

    /// <summary>Computes each level's output in evaluation mode: class logits, then side logits.</summary>
    /// <param name="bgr">Normalized images <c>[B, 3, H, W]</c>, whose sides are multiples of 32.</param>
    public Tensor[] Forward(Tensor bgr)
    {
        Tensor[] levels = [.. _backbone(bgr).Select((map, level) => Conv(map, $"fpn.lateral_convs.{level}.conv"))];
        for (int level = levels.Length - 1; level > 0; level--)
        {
            levels[level - 1] = levels[level - 1] + Resize(levels[level], 2);
        }

        for (int level = 0; level < levels.Length - 1; level++)
        {
            levels[level + 1] = levels[level + 1] + Resize(levels[level], 0.5);
        }

        return [.. levels.Select((map, level) =>
        {
            for (int i = 0; i < _convs; i++)
            {
                string prefix = $"head.cls_convs.{level}.{i}";
                map = _depthwise
                    ? Norm(Conv(Norm(Conv(map, $"{prefix}.depthwise", groups: map.size(1)), $"{prefix}.dwnorm").clamp(0, 6), $"{prefix}.pointwise"), $"{prefix}.pwnorm").clamp(0, 6)
                    : Norm(Conv(map, $"{prefix}.conv"), $"{prefix}.bn").relu();
            }

            return Conv(map, $"head.gfl_cls.{level}");
        })];
    }

    private Func<Tensor, Tensor[]> AddLite(int[] outputs, int[] repeats)
    {
        const double Epsilon = 1e-3;
        int[] kernels = [3, 3, 5, 3, 5, 5, 3];
        int[] strides = [1, 2, 2, 2, 1, 2, 1];
        List<(string Name, int Stage, bool Expands, int Stride, bool Adds)> blocks = [];
        AddConv("stem.0", "backbone.", 3, 32, 3);
        AddNorm("backbone.stem.1", 32);
        int input = 32;
        for (int stage = 0; stage < outputs.Length; stage++)
        {
            for (int block = 0; block < repeats[stage]; block++)
            {
                string prefix = $"backbone.blocks.{stage}.{block}.";
                int inner = stage == 0 ? input : 6 * input;
                if (inner != input)
                {
                    AddConv("_expand_conv", prefix, input, inner, 1);
                    AddNorm(prefix + "_bn0", inner);
                }

                AddConv("_depthwise_conv", prefix, inner, inner, kernels[stage], groups: inner);
                AddNorm(prefix + "_bn1", inner);
                AddConv("_project_conv", prefix, inner, outputs[stage], 1);
                AddNorm(prefix + "_bn2", outputs[stage]);
                int stride = block == 0 ? strides[stage] : 1;
                blocks.Add((prefix, stage, inner != input, stride, stride == 1 && input == outputs[stage]));
                input = outputs[stage];
            }
        }

        return image =>
        {
            Tensor x = Norm(Conv(image, "backbone.stem.0", stride: 2), "backbone.stem.1", Epsilon).clamp(0, 6);
            Tensor[] maps = new Tensor[outputs.Length];
            foreach ((string name, int stage, bool expands, int stride, bool adds) in blocks)
            {
                Tensor y = expands ? Norm(Conv(x, name + "_expand_conv"), name + "_bn0", Epsilon).clamp(0, 6) : x;
                y = Norm(Conv(y, name + "_depthwise_conv", stride, y.size(1)), name + "_bn1", Epsilon).clamp(0, 6);
                y = Norm(Conv(y, name + "_project_conv"), name + "_bn2", Epsilon);
                maps[stage] = x = adds ? x + y : y;
            }

            return [maps[2], maps[4], maps[6]];
        };
    }

    private Func<Tensor, Tensor[]> AddRepVgg(bool deploy)
    {
        int[] widths = [48, 96, 192, 512];
        int[] counts = [2, 4, 14, 1];
        List<(string Name, int Stage, int Stride, bool Identity)> blocks = [];
        Add("backbone.stage0.", -1, 3, 48, 2);
        int input = 48;
        for (int stage = 0; stage < widths.Length; stage++)
        {
            for (int block = 0; block < counts[stage]; block++)
            {
                Add($"backbone.stage{stage + 1}.{block}.", stage, input, widths[stage], block == 0 ? 2 : 1);
                input = widths[stage];
            }
        }

        return image =>
        {
            Tensor x = image;
            Tensor[] maps = new Tensor[widths.Length];
            foreach ((string name, int stage, int stride, bool identity) in blocks)
            {
                Tensor y = deploy ? Conv(x, name + "rbr_reparam", stride)
                    : Norm(Conv(x, name + "rbr_dense.0", stride), name + "rbr_dense.1") + Norm(Conv(x, name + "rbr_1x1.0", stride), name + "rbr_1x1.1");
                x = (identity && !deploy ? y + Norm(x, name + "rbr_identity") : y).relu();
                if (stage >= 0)
                {
                    maps[stage] = x;
                }
            }

            return maps[1..];
        };

        void Add(string name, int stage, int from, int to, int stride)
        {
            blocks.Add((name, stage, stride, from == to && stride == 1));
            if (deploy)
            {
                AddConv("rbr_reparam", name, from, to, 3, bias: true);
                return;
            }

            if (from == to && stride == 1)
            {
                AddNorm(name + "rbr_identity", to);
            }

            AddConv("rbr_dense.0", name, from, to, 3);
            AddNorm(name + "rbr_dense.1", to);
            AddConv("rbr_1x1.0", name, from, to, 1);
            AddNorm(name + "rbr_1x1.1", to);
        }
    }

    private void AddConv(string name, string prefix, int from, int to, int kernel, int groups = 1, bool bias = false) => AddConv(prefix + name, from, to, kernel, bias, groups);

    private void AddConv(string name, int from, int to, int kernel, bool bias = false, int groups = 1)
    {
        double deviation = Math.Sqrt(1.5 / (from / groups * kernel * kernel));
        _tensors.Add($"{name}.weight", randn([to, from / groups, kernel, kernel], generator: _generator) * deviation);
        if (bias)
        {
            _tensors.Add($"{name}.bias", randn([to], generator: _generator) * 0.1);
        }
    }

    private void AddNorm(string name, int channels)
    {
        // Scales below 1, so that rounding is not amplified from layer to layer.
        _tensors.Add($"{name}.weight", (rand([channels], generator: _generator) * 0.4) + 0.3);
        _tensors.Add($"{name}.bias", randn([channels], generator: _generator) * 0.2);
        _tensors.Add($"{name}.running_mean", randn([channels], generator: _generator) * 0.1);
        _tensors.Add($"{name}.running_var", rand([channels], generator: _generator) + 0.5);
        _tensors.Add($"{name}.num_batches_tracked", tensor(1L));
    }

    private Tensor Conv(Tensor x, string name, long stride = 1, long groups = 1)
    {
        Tensor weight = _tensors[$"{name}.weight"];
        long padding = weight.size(2) / 2;
        return nn.functional.conv2d(x.to(float64), weight.to(float64), _tensors.TryGetValue($"{name}.bias", out Tensor? bias) ? bias.to(float64) : null!, [stride, stride], [padding, padding], groups: groups);
    }

    private Tensor Norm(Tensor x, string name, double epsilon = 1e-5)
    {
        Tensor factor = Row("weight") / (Row("running_var") + epsilon).sqrt();
        return ((x - Row("running_mean")) * factor) + Row("bias");

        Tensor Row(string part) => _tensors[$"{name}.{part}"].to(float64).view(1, -1, 1, 1);
    }

    private static StateTensor ToState(Tensor tensor) => tensor.dtype == int64
        ? StateTensor.From(tensor.data<long>().ToArray(), tensor.shape)
        : StateTensor.From(tensor.data<float>().ToArray(), tensor.shape);

    private static Tensor Resize(Tensor x, double factor) =>
        nn.functional.interpolate(x, size: [(long)(x.size(2) * factor), (long)(x.size(3) * factor)], mode: InterpolationMode.Bilinear, align_corners: false);
}
