using System.Text.RegularExpressions;
using FocalSharp.Checkpoints;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// Maps the names of PaddleDetection's PicoDet (<c>.pdparams</c>) to FocalSharp's, and splits output layers that classes and sides
/// share.
/// </summary>
internal static partial class PaddleNames
{
    private const string Mean = "._mean";
    private const string Output = "bbox_head.gfl_cls.";
    private const int SidesAndBins = 4 * 8;

    // Applied in order; the longer of two names that begin alike comes first.
    private static readonly (string Old, string New)[] Parts =
    [
        ("backbone._conv1.", "backbone.stem."),
        ("backbone.conv1.", "backbone.stem."),
        ("._conv_dw_mv1.", ".merge.depthwise."),
        ("._conv_pw_mv1.", ".merge.pointwise."),
        ("._conv_dw_1.", ".shortcut_depthwise."),
        ("._conv_linear_1.", ".shortcut_pointwise."),
        ("._conv_pw_2.", ".expand."),
        ("._conv_dw_2.", ".depthwise."),
        ("._conv_linear_2.", ".project."),
        ("._conv_pw.", ".expand."),
        ("._conv_dw.", ".depthwise."),
        ("._conv_linear.", ".project."),
        ("._se.conv1.", ".se.reduce."),
        ("._se.conv2.", ".se.expand."),
        (".se.conv1.", ".se.reduce."),
        (".se.conv2.", ".se.expand."),
        (".dw_conv.", ".depthwise."),
        (".pw_conv.", ".pointwise."),
        ("._conv.", ".conv."),
        ("._batch_norm.", ".bn."),
        ("neck.conv_t.convs.", "neck.reduce_layers."),
        ("neck.first_top_conv.", "neck.extra_lvl_in_conv.0."),
        ("neck.second_top_conv.", "neck.extra_lvl_out_conv.0."),
        (".blocks.0.conv1.", ".bottleneck_conv."),
        (".blocks.0.conv2.", ".bottleneck_block."),
        (".norm.", ".bn."),
        ("._mean", ".running_mean"),
        ("._variance", ".running_var"),
    ];

    /// <summary>Returns whether names are a Paddle network's.</summary>
    public static bool Matches(IReadOnlyList<string> names) => names.Any(name => name.EndsWith(Mean, StringComparison.Ordinal));

    /// <summary>Returns the tensors under FocalSharp's names.</summary>
    /// <exception cref="ModelException">Two tensors get the same name.</exception>
    public static StateDict Convert(StateDict weights)
    {
        Dictionary<string, StateTensor> tensors = new(StringComparer.Ordinal);
        int bins = 0;
        foreach ((string old, StateTensor tensor) in weights)
        {
            string name = Rename(old);
            bool both = IsOutput(name) && !weights.Contains(old.Replace("head_cls", "head_reg", StringComparison.Ordinal));
            if (both && tensor.Shape.Count > 0 && tensor.Shape[0] > SidesAndBins)
            {
                (StateTensor classes, StateTensor sides) = Split(tensor, (int)tensor.Shape[0] - SidesAndBins);
                Add(tensors, name, classes);
                Add(tensors, name.Replace("gfl_cls", "gfl_reg", StringComparison.Ordinal), sides);
            }
            else
            {
                Add(tensors, name, tensor);
            }

            if (name.EndsWith(".running_mean", StringComparison.Ordinal))
            {
                Add(tensors, name.Replace(".running_mean", ".num_batches_tracked", StringComparison.Ordinal), StateTensor.From([0L]));
            }

            bins = IsOutput(name) ? SidesAndBins / 4 : bins;
        }

        if (bins > 0)
        {
            Add(tensors, "bbox_head.integral.project", StateTensor.From([.. Enumerable.Range(0, bins).Select(bin => (float)bin)], bins));
        }

        return new StateDict(tensors, weights.Metadata);
    }

    private static bool IsOutput(string name) => name.StartsWith(Output, StringComparison.Ordinal);

    private static void Add(Dictionary<string, StateTensor> tensors, string name, StateTensor tensor)
    {
        if (!tensors.TryAdd(name, tensor))
        {
            throw new ModelException($"two tensors of the file map to '{name}'; remove one of them.");
        }
    }

    private static (StateTensor First, StateTensor Second) Split(StateTensor tensor, int rows)
    {
        int start = (int)(tensor.Data.Length / tensor.Shape[0]) * rows;
        return (
            new StateTensor(tensor.Type, [rows, .. tensor.Shape.Skip(1)], tensor.Data[..start]),
            new StateTensor(tensor.Type, [tensor.Shape[0] - rows, .. tensor.Shape.Skip(1)], tensor.Data[start..]));
    }

    private static string Rename(string name)
    {
        foreach ((string old, string replacement) in Parts)
        {
            name = name.Replace(old, replacement, StringComparison.Ordinal);
        }

        name = EsNetBlock().Replace(name, match => $"backbone.stage{match.Groups[1]}.{Less(match.Groups[2], 1)}.");
        name = LcNetGroup().Replace(name, match => $"backbone.stage{Less(match.Groups[1], 2)}.");
        name = Tower().Replace(name, match => $"bbox_head.cls_convs.{match.Groups[2]}.{match.Groups[3]}.{(match.Groups[1].Value == "dw" ? "depthwise" : "pointwise")}.");
        name = LastLayer().Replace(name, match => $"bbox_head.gfl_{match.Groups[1]}.{match.Groups[2]}.");
        name = Attention().Replace(name, match => $"bbox_head.alignment.{match.Groups[1]}.{(match.Groups[2].Value == "fc" ? "attention" : "attended")}.");
        name = Aligned().Replace(name, match => $"bbox_head.alignment.{match.Groups[1]}.{(match.Groups[2].Value is "dwconv" or "bn1" ? "local" : "score")}.{Layer(match.Groups[2])}.");
        return SeparableLayer().Replace(name, match => $".{(match.Groups[1].Value is "dwconv" or "bn1" ? "depthwise" : "pointwise")}.{Layer(match.Groups[1])}.");
    }

    private static int Less(Group number, int less) => int.Parse(number.ValueSpan, System.Globalization.CultureInfo.InvariantCulture) - less;

    private static string Layer(Group name) => name.Value.EndsWith("conv", StringComparison.Ordinal) ? "conv" : "bn";

    [GeneratedRegex(@"^backbone\.(\d)_(\d)\.")]
    private static partial Regex EsNetBlock();

    [GeneratedRegex(@"^backbone\.blocks(\d)\.")]
    private static partial Regex LcNetGroup();

    [GeneratedRegex(@"^head\.conv_feat\.cls_conv_(dw|pw)(\d)\.(\d)\.")]
    private static partial Regex Tower();

    [GeneratedRegex(@"^head\.head_(cls|reg)(\d)\.")]
    private static partial Regex LastLayer();

    [GeneratedRegex(@"^head\.conv_feat\.se\.(\d)\.(fc|conv)\.")]
    private static partial Regex Attention();

    [GeneratedRegex(@"^head\.cls_align\.(\d)\.(dwconv|bn1|pwconv|bn2)\.")]
    private static partial Regex Aligned();

    [GeneratedRegex(@"\.(dwconv|bn1|pwconv|bn2)\.")]
    private static partial Regex SeparableLayer();
}
