using System.Globalization;

namespace FocalSharp.Training.Optimization;

/// <summary>Layer-wise learning-rate decay: the distance of parameters from neck and head.</summary>
internal static class LayerDecay
{
    private const int StageCount = 4;

    /// <summary>The stage, by stride, that each of EfficientNet-Lite's seven lists of blocks belongs to.</summary>
    private static readonly int[] LiteStages = [1, 1, 2, 3, 3, 4, 4];

    /// <summary>Returns 0 for neck and head, 1 for the backbone's last stage, 4 for its first, 5 for the stem.</summary>
    /// <param name="parameter">The parameter's name: <c>backbone.layer3.…</c> of a ResNet, <c>backbone.stages.2.…</c> of a CSP network,
    /// <c>backbone.stage4.…</c> of a ShuffleNetV2, whose stem counts as its stage 1, or of a RepVGG, <c>backbone.blocks.6.…</c> of an EfficientNet-Lite.</param>
    public static int GetLayerDepth(string parameter)
    {
        if (!parameter.StartsWith("backbone.", StringComparison.Ordinal))
        {
            return 0;
        }

        string[] parts = parameter.Split('.');
        int? stage = GetNumber(parts[1], "layer") ?? GetNumber(parts[1], "stage")
            ?? parts switch
            {
                [_, "stages", string list, ..] => int.Parse(list, CultureInfo.InvariantCulture) + 1,
                [_, "blocks", string list, ..] when GetNumber(list, "") is { } index && index < LiteStages.Length => LiteStages[index],
                _ => null,
            };
        return StageCount + 1 - (stage ?? 0);
    }

    private static int? GetNumber(string part, string prefix) =>
        part.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(part.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
}
