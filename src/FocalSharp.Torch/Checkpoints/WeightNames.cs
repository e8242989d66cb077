using FocalSharp.Checkpoints;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// Maps the parameter names of other sources to FocalSharp's, which are mmdetection's: removes prefixes of wrappers, renames the
/// first GFL release's buffer and the offsets of its deformable convolutions, moves a torchvision ResNet or ShuffleNetV2,
/// an EfficientNet-Lite or a RepVGG to the backbone, and converts official NanoDet, NanoDet-Plus and PicoDet weights.
/// </summary>
internal static class WeightNames
{
    /// <summary>Prefixes that wrappers add to every name: data parallelism, Lightning, <c>torch.compile</c>.</summary>
    private static readonly string[] Wrappers = ["module.", "model.", "detector.", "_orig_mod."];

    private static readonly string[] Parts = ["backbone.", "neck.", "bbox_head."];

    private static readonly string[] ClassifierParts =
        ["conv1.", "bn1.", "layer1.", "layer2.", "layer3.", "layer4.", "stage0.", "stage1.", "stage2.", "stage3.", "stage4.", "stem.", "blocks."];

    /// <summary>Weights that only backbones have: ResNet, ShuffleNetV2, EfficientNet-Lite, and RepVGG of NanoDet and of its authors.</summary>
    private static readonly string[] BackboneWeights =
    [
        "conv1.weight", "conv1.0.weight", "blocks.0.0._depthwise_conv.weight",
        "stage0.rbr_dense.0.weight", "stage0.rbr_dense.conv.weight", "stage0.rbr_reparam.weight",
    ];

    /// <summary>The branches of RepVGG under the names of its authors and of NanoDet.</summary>
    private static readonly (string Authors, string NanoDet)[] RepVggNames =
    [
        (".rbr_dense.conv.", ".rbr_dense.0."), (".rbr_dense.bn.", ".rbr_dense.1."), (".rbr_1x1.conv.", ".rbr_1x1.0."), (".rbr_1x1.bn.", ".rbr_1x1.1."),
    ];

    /// <summary>Returns the same tensors under FocalSharp's names, in the same order; unknown names do not change.</summary>
    /// <exception cref="ModelException">Two tensors get the same name.</exception>
    public static StateDict Normalize(StateDict weights)
    {
        if (NanoDetNames.TryConvert(weights) is { } official)
        {
            return official;
        }

        if (PaddleNames.Matches(weights.Names))
        {
            return PaddleNames.Convert(weights);
        }

        string[] names = [.. weights.Names];
        Unwrap(names);
        bool backboneOnly = HasBackboneNames(names);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = backboneOnly && IsClassifierBackbone(names[i]) ? Rename("backbone." + names[i]) : Rename(names[i]);
        }

        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            string twice = names.GroupBy(name => name).First(group => group.Count() > 1).Key;
            throw new ModelException($"two tensors of the file map to '{twice}'; remove one of them.");
        }

        return new StateDict(names.Zip(weights, (name, pair) => KeyValuePair.Create(name, pair.Value)), weights.Metadata);
    }

    /// <summary>Returns whether names of any source are those of a backbone without a detector.</summary>
    public static bool IsBackbone(string[] names)
    {
        string[] unwrapped = [.. names];
        Unwrap(unwrapped);
        return HasBackboneNames(unwrapped);
    }

    private static bool HasBackboneNames(string[] names) => Array.Exists(BackboneWeights, names.Contains) && !Array.Exists(names, IsDetectorName);

    private static void Unwrap(string[] names)
    {
        while (Array.Find(Wrappers, wrapper => IsWrapper(wrapper, names)) is { } prefix)
        {
            for (int i = 0; i < names.Length; i++)
            {
                names[i] = HasPrefix(names[i], prefix) ? names[i][prefix.Length..] : names[i];
            }
        }
    }

    /// <summary>
    /// Returns whether every name has the prefix, except names without a dot, such as an averaged model's step counter.
    /// </summary>
    private static bool IsWrapper(string prefix, string[] names) =>
        Array.TrueForAll(names, name => HasPrefix(name, prefix) || !name.Contains('.', StringComparison.Ordinal))
        && Array.Exists(names, name => HasPrefix(name, prefix));

    private static bool HasPrefix(string name, string prefix) =>
        name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal);

    private static bool IsDetectorName(string name) => Array.Exists(Parts, part => HasPrefix(name, part));

    private static bool IsClassifierBackbone(string name) => Array.Exists(ClassifierParts, part => HasPrefix(name, part));

    private static string Rename(string name) => name switch
    {
        "bbox_head.distribution_project.project" => "bbox_head.integral.project",
        _ when name.EndsWith(".conv2_offset.weight", StringComparison.Ordinal) || name.EndsWith(".conv2_offset.bias", StringComparison.Ordinal) =>
            name.Replace(".conv2_offset.", ".conv2.conv_offset.", StringComparison.Ordinal),
        _ when name.Contains(".rbr_", StringComparison.Ordinal) => Array.Find(RepVggNames, entry => name.Contains(entry.Authors, StringComparison.Ordinal)) is { Authors: { } authors } entry
            ? name.Replace(authors, entry.NanoDet, StringComparison.Ordinal)
            : name,
        _ => name,
    };
}
