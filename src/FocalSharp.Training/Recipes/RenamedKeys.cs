using YamlDotNet.RepresentationModel;

namespace FocalSharp.Training.Recipes;

/// <summary>Recipe keys of version 0.1 that have new names.</summary>
internal static class RenamedKeys
{
    private static readonly Dictionary<string, string> NewNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["plainShare"] = "'closeMosaicFraction'",
        ["balance"] = "'repeatFactorThreshold'",
        ["imageBudget"] = "'sampleBudget'",
        ["sentinel"] = "'lossGuard'",
        ["sentinel.onFault"] = "'lossGuard.onBadStep'",
        ["sentinel.maxInARow"] = "'lossGuard.maxConsecutive'",
        ["sentinel.explosion"] = "'lossGuard.explosionFactor'",
        ["sentinel.learnSteps"] = "'lossGuard.warmupSteps'",
        ["sentinel.keepBatches"] = "'lossGuard.maxSavedBatches'",
        ["transfer.images"] = "'tuning.trialFraction' (0 disables tuning)",
        ["transfer.probeImages"] = "'tuning.trialFraction' (0 disables tuning)",
        ["transfer.kinAp50"] = "'transfer.classMatches', a list of class=pretrained class",
        ["transfer.minClassMatchAp50"] = "'transfer.classMatches', a list of class=pretrained class",
        ["transfer.knownAp50"] = "'tuning.learningRateFactors'",
        ["transfer.alreadyDetectsAp50"] = "'tuning.learningRateFactors'",
        ["transfer.knownClasses"] = "'tuning.learningRateFactors'",
        ["transfer.minDetectedClasses"] = "'tuning.learningRateFactors'",
        ["transfer.knownRate"] = "'tuning.learningRateFactors'",
        ["transfer.learningRateFactor"] = "'tuning.learningRateFactors'",
        ["model.loss.doubtScore"] = "'model.loss.ignoreNegativesAbove'",
        ["model.head.ownLevels"] = "'model.head.perLevelWeights'",
        ["model.head.sides"] = "'model.head.boxRepresentation'",
        ["model.backbone.csp"] = "the keys of 'model.backbone' with 'kind: cspnet'",
        ["model.loss.assignerTopK"] = "'model.loss.assigner.topK'",
        ["model.loss.beta"] = "'model.loss.classification.beta'",
        ["model.loss.focalAlpha"] = "'model.loss.classification.alpha' with 'kind: focal'",
        ["model.loss.focalGamma"] = "'model.loss.classification.gamma' with 'kind: focal'",
        ["model.loss.qualityWeight"] = "'model.loss.classificationWeight'",
        ["augmentation.copyPasteMost"] = "'augmentation.copyPasteMax'",
        ["model.postprocess.keepDistributions"] = "'model.postprocess.includeDistributions'",
    };

    /// <summary>Returns an exception if a key, or a key in its group, was renamed; otherwise, null.</summary>
    /// <param name="path">The dotted path of the group that the key is in; empty for the root.</param>
    /// <param name="key">The unknown key.</param>
    /// <param name="value">The key's value.</param>
    /// <param name="where">The source in messages.</param>
    public static OptionException? Find(string path, string key, YamlNode value, string where)
    {
        string full = Normalize(path.Length == 0 ? key : $"{path}.{key}");
        IEnumerable<string> candidates = value is YamlMappingNode group
            ? group.Children.Keys.OfType<YamlScalarNode>().Select(child => $"{full}.{Normalize(child.Value ?? "")}").Append(full)
            : [full];
        string[] renamed = [.. candidates.SelectMany(candidate => NewNames.Where(entry => string.Equals(entry.Key, candidate, StringComparison.OrdinalIgnoreCase)))
            .Select(entry => $"'{entry.Key}' was renamed to {entry.Value}")];
        return renamed.Length == 0 ? null : new OptionException($"{where}: {string.Join(", ", renamed)}.") { OptionName = full };
    }

    private static string Normalize(string key) =>
        key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
}
