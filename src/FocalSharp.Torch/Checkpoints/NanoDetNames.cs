using System.Globalization;
using FocalSharp.Checkpoints;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// Converts the state dict of an official NanoDet or NanoDet-Plus checkpoint (RangiLyu/nanodet) to FocalSharp's names: the moving average
/// is preferred to the raw weights, the training-only <c>aux_</c> parts and NanoDet's unused side convolutions are left out, the head's
/// last convolutions are split into classes and sides, and the input channels of the first convolutions are reversed, since the official
/// networks take BGR.
/// </summary>
internal static class NanoDetNames
{
    private const string Average = "avg_model.";
    private const string Raw = "model.";
    private const string DataParallel = "module.";
    private const string Output = "head.gfl_cls.";
    private const string SideOutput = "head.gfl_reg.";
    private const string SideTower = "head.reg_convs.0.0.";
    private const string Projection = "head.distribution_project.project";

    /// <summary>Weights of the two necks that the official code combines with this head.</summary>
    private static readonly string[] Necks = ["fpn.reduce_layers.0.conv.weight", "fpn.lateral_convs.0.conv.weight"];

    /// <summary>The convolutions that read the image: of ShuffleNetV2, EfficientNet-Lite, and RepVGG in both forms.</summary>
    private static readonly string[] Stems =
    [
        "backbone.conv1.0.weight", "backbone.stem.0.weight",
        "backbone.stage0.rbr_dense.0.weight", "backbone.stage0.rbr_1x1.0.weight", "backbone.stage0.rbr_reparam.weight",
    ];

    private static readonly (string Official, string Ours)[] Parts = [("fpn.", "neck."), ("head.", "bbox_head."), ("backbone.", "backbone.")];

    private static readonly (string Official, string Ours)[] DepthwiseNames =
        [(".depthwise.", ".depthwise.conv."), (".dwnorm.", ".depthwise.bn."), (".pointwise.", ".pointwise.conv."), (".pwnorm.", ".pointwise.bn.")];

    /// <summary>Returns the same weights under FocalSharp's names; null if they are not an official NanoDet or NanoDet-Plus.</summary>
    /// <exception cref="ModelException">A weight has an unexpected shape.</exception>
    public static StateDict? TryConvert(StateDict weights)
    {
        string? prefix = Array.Find(
            [Average, Raw, DataParallel, ""],
            prefix => weights.Contains($"{prefix}{Output}0.weight") && Array.Exists(Necks, neck => weights.Contains(prefix + neck)));
        if (prefix is null)
        {
            return null;
        }

        // A head with one tower computes classes and sides by one convolution, and has another for sides that it does not use.
        bool shared = !weights.Names.Any(name => name.StartsWith(prefix + SideTower, StringComparison.Ordinal));
        int bins = weights.TryGet(prefix + Projection, out StateTensor? project) ? (int)Math.Min(project.Count, 1 << 10) : NanoDetPlus.Head.RegMax + 1;
        List<KeyValuePair<string, StateTensor>> converted = [];
        foreach ((string full, StateTensor tensor) in weights)
        {
            string name = full.StartsWith(prefix, StringComparison.Ordinal) ? full[prefix.Length..] : "";
            if (Array.Find(Parts, part => name.StartsWith(part.Official, StringComparison.Ordinal)) is not { Ours: { } ours } part
                || (shared && name.StartsWith(SideOutput, StringComparison.Ordinal)))
            {
                continue;
            }

            if (shared && name.StartsWith(Output, StringComparison.Ordinal))
            {
                Split(name[Output.Length..], tensor, 4 * bins, converted);
                continue;
            }

            string target = name == Projection ? "bbox_head.integral.project" : Rename(ours + name[part.Official.Length..]);
            converted.Add(new(target, Stems.Contains(name, StringComparer.Ordinal) ? ReverseChannels(name, tensor) : tensor));
        }

        return new StateDict(converted, weights.Metadata);
    }

    private static string Rename(string name) =>
        Array.Find(DepthwiseNames, entry => name.Contains(entry.Official, StringComparison.Ordinal)) is { Official: { } official } entry
            ? name.Replace(official, entry.Ours, StringComparison.Ordinal)
            : name;

    private static void Split(string rest, StateTensor tensor, int sides, List<KeyValuePair<string, StateTensor>> converted)
    {
        long rows = tensor.Shape.Count > 0 ? tensor.Shape[0] : 0;
        if (tensor.Type != ElementType.F32 || rows <= sides)
        {
            throw new ModelException(string.Create(
                CultureInfo.InvariantCulture, $"the file's '{Output}{rest}' is {tensor}, where float32 and more than {sides} rows, for classes and bins, are expected."));
        }

        ReadOnlySpan<float> values = tensor.Span<float>();
        int at = (int)(values.Length / rows * (rows - sides));
        long[] inner = [.. tensor.Shape.Skip(1)];
        converted.Add(new($"bbox_head.gfl_cls.{rest}", StateTensor.From(values[..at], [rows - sides, .. inner])));
        converted.Add(new($"bbox_head.gfl_reg.{rest}", StateTensor.From(values[at..], [sides, .. inner])));
    }

    private static StateTensor ReverseChannels(string name, StateTensor tensor)
    {
        if (tensor is not { Type: ElementType.F32, Shape: [var outputs, 3, var height, var width] })
        {
            throw new ModelException($"the file's '{name}' is {tensor}, where float32 with three input channels is expected.");
        }

        ReadOnlySpan<float> source = tensor.Span<float>();
        float[] target = new float[source.Length];
        int plane = (int)(height * width);
        for (int row = 0; row < outputs * 3; row++)
        {
            int reversed = (row / 3 * 3) + 2 - (row % 3);
            source.Slice(row * plane, plane).CopyTo(target.AsSpan(reversed * plane));
        }

        return StateTensor.From(target, tensor.Shape);
    }
}
