namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images of a single color.</summary>
internal sealed class BlankImages() : LintRule(
    "FS111", "blank-image", LintSeverity.Warning,
    "images of a single color: a covered lens, or a failed export",
    "remove them, or their boxes")
{
    private const double MaxContrast = 0.75;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        for (int i = 0; i < (context.Fingerprints?.Count ?? 0); i++)
        {
            if (context.Fingerprints![i] is { DecodeError: null, Contrast: < MaxContrast })
            {
                found.Add(context.Dataset.Images[i], $"a single color, with {context.Dataset.Images[i].Objects.Count} boxes");
            }
        }
    }
}
