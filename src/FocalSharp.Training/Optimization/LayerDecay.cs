using System.Globalization;

namespace FocalSharp.Training.Optimization;

/// <summary>Layer-wise learning-rate decay: the distance of parameters from neck and head.</summary>
internal static class LayerDecay
{
    private const int StageCount = 4;

    /// <summary>Returns 0 for neck and head, 1 for the backbone's last stage, 4 for its first, 5 for the stem.</summary>
    /// <param name="parameter">The parameter's name: <c>backbone.layer3.…</c> of a ResNet, <c>backbone.stages.2.…</c> of a CSP network,
    /// <c>backbone.stage4.…</c> of a ShuffleNetV2, whose stem counts as its stage 1.</param>
    public static int GetLayerDepth(string parameter)
    {
        if (!parameter.StartsWith("backbone.", StringComparison.Ordinal))
        {
            return 0;
        }

        string[] parts = parameter.Split('.');
        return parts[1].StartsWith("layer", StringComparison.Ordinal) ? StageCount + 1 - ParseNumber(parts[1]["layer".Length..])
            : parts[1].StartsWith("stage", StringComparison.Ordinal) && parts[1].Length == "stage".Length + 1 ? StageCount + 1 - ParseNumber(parts[1]["stage".Length..])
            : string.Equals(parts[1], "stages", StringComparison.Ordinal) ? StageCount - ParseNumber(parts[2])
            : StageCount + 1;
    }

    private static int ParseNumber(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
