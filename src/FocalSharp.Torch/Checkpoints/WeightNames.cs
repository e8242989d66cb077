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

    /// <summary>The same tensors under our names, in the same order; names that mean nothing to us stay as they are.</summary>
    /// <exception cref="UserErrorException">Two names become the same.</exception>
    public static StateDict Normalize(StateDict weights)
    {
        string[] names = [.. weights.Names];
        Unwrap(names);
        bool backboneOnly = names.Contains("conv1.weight") && !Array.Exists(names, IsOurs);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = backboneOnly && IsResNet(names[i]) ? "backbone." + names[i] : Rename(names[i]);
        }

        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            string twice = names.GroupBy(name => name).First(group => group.Count() > 1).Key;
            throw new UserErrorException($"two tensors of the file both stand for '{twice}'; keep one of them.");
        }

        return new StateDict(names.Zip(weights, (name, pair) => KeyValuePair.Create(name, pair.Value)), weights.Metadata);
    }

    private static void Unwrap(string[] names)
    {
        // Entries without a dot, such as an averaged model's step counter, carry no prefix.
        while (Array.Find(Wrappers, wrapper => names.All(name => name.StartsWith(wrapper, StringComparison.Ordinal) || !name.Contains('.', StringComparison.Ordinal)))
            is { } prefix && Array.Exists(names, name => name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            for (int i = 0; i < names.Length; i++)
            {
                names[i] = names[i].StartsWith(prefix, StringComparison.Ordinal) && names[i].Length > prefix.Length ? names[i][prefix.Length..] : names[i];
            }
        }
    }

    private static bool IsOurs(string name) => Array.Exists(Parts, part => name.StartsWith(part, StringComparison.Ordinal));

    private static bool IsResNet(string name) =>
        name.StartsWith("conv1.", StringComparison.Ordinal) || name.StartsWith("bn1.", StringComparison.Ordinal)
        || (name.StartsWith("layer", StringComparison.Ordinal) && name.Length > 6 && name[5] is >= '1' and <= '4' && name[6] == '.');

    private static string Rename(string name) => name switch
    {
        "bbox_head.distribution_project.project" => "bbox_head.integral.project",
        _ => name,
    };
}
