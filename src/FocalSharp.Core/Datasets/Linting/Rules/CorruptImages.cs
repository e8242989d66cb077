namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images with a valid header whose pixels cannot be decoded.</summary>
internal sealed class CorruptImages() : LintRule(
    "FS110", "damaged-image", LintSeverity.Error,
    "images whose pixels cannot be decoded, such as truncated files; training would fail on them",
    "copy them again from the source, or remove them with their annotations")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        for (int i = 0; i < (context.Fingerprints?.Count ?? 0); i++)
        {
            if (context.Fingerprints![i].DecodeError is { } error)
            {
                found.Add(context.Dataset.Images[i], error);
            }
        }
    }
}
