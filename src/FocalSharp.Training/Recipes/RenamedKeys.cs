namespace FocalSharp.Training.Recipes;

/// <summary>Recipe keys of earlier versions and their successors.</summary>
internal static class RenamedKeys
{
    private static readonly Dictionary<string, string> Successors = new(StringComparer.OrdinalIgnoreCase)
    {
        ["model.backbone.csp"] = "the keys of 'model.backbone' with 'kind: cspnet'",
        ["model.head.ownLevels"] = "'model.head.perLevelWeights'",
        ["model.head.sides"] = "'model.head.boxRepresentation'",
        ["model.loss.assignerTopK"] = "'model.loss.assigner.topK'",
        ["model.loss.beta"] = "'model.loss.classification.beta'",
        ["model.loss.focalAlpha"] = "'model.loss.classification.alpha' with 'kind: focal'",
        ["model.loss.focalGamma"] = "'model.loss.classification.gamma' with 'kind: focal'",
        ["model.loss.doubtScore"] = "'model.loss.ignoreNegativesAbove'",
        ["model.loss.qualityWeight"] = "'model.loss.classificationWeight'",
    };

    /// <summary>Returns the successor of a key, as it completes "was renamed to"; null if there is none.</summary>
    /// <param name="path">Dotted path of the record that has the key, empty for the root.</param>
    /// <param name="key">The key.</param>
    public static string? Find(string path, string key) => Successors.GetValueOrDefault(path.Length == 0 ? key : $"{path}.{key}");
}
