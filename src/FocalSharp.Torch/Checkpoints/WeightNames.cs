using FocalSharp.Checkpoints;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// Maps the names of other sources onto ours, which are mmdetection's: wrappers' prefixes go, the first GFL release's buffer is
/// renamed, a torchvision ResNet becomes the backbone.
/// </summary>
public static class WeightNames
{
    /// <summary>Prefixes that wrappers put before every name: data parallelism, Lightning, <c>torch.compile</c>.</summary>
    private static readonly string[] Wrappers = ["module.", "model.", "detector.", "_orig_mod."];

    private static readonly string[] Parts = ["backbone.", "neck.", "bbox_head."];

    private static readonly string[] ResNetParts = ["conv1.", "bn1.", "layer1.", "layer2.", "layer3.", "layer4."];

    /// <summary>The same tensors under our names, in the same order; names that mean nothing to us stay as they are.</summary>
    /// <exception cref="FocalSharpException">Two names become the same.</exception>
    public static StateDict Normalize(StateDict weights)
    {
        string[] names = [.. weights.Names];
        Unwrap(names);
        bool backboneOnly = names.Contains("conv1.weight") && !Array.Exists(names, IsDetectorName);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = backboneOnly && IsResNet(names[i]) ? "backbone." + names[i] : Rename(names[i]);
        }

        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            string twice = names.GroupBy(name => name).First(group => group.Count() > 1).Key;
            throw new FocalSharpException($"two tensors of the file both stand for '{twice}'; keep one of them.");
        }

        return new StateDict(names.Zip(weights, (name, pair) => KeyValuePair.Create(name, pair.Value)), weights.Metadata);
    }

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

    /// <summary>Whether every name has the prefix; those without a dot, such as an averaged model's step counter, need none.</summary>
    private static bool IsWrapper(string prefix, string[] names) =>
        Array.TrueForAll(names, name => HasPrefix(name, prefix) || !name.Contains('.', StringComparison.Ordinal))
        && Array.Exists(names, name => HasPrefix(name, prefix));

    private static bool HasPrefix(string name, string prefix) =>
        name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal);

    private static bool IsDetectorName(string name) => Array.Exists(Parts, part => HasPrefix(name, part));

    private static bool IsResNet(string name) => Array.Exists(ResNetParts, part => HasPrefix(name, part));

    private static string Rename(string name) => name switch
    {
        "bbox_head.distribution_project.project" => "bbox_head.integral.project",
        _ => name,
    };
}
