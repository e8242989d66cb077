namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images whose header reads and whose pixels do not.</summary>
internal sealed class CorruptImages() : LintRule(
    "FS110", "damaged-image", LintSeverity.Error,
    "images whose pixels cannot be decoded, such as files cut off by a broken copy; training would end at them",
    "copy them again from their source, or remove them with their annotations")
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
