namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images of 16 bits per sample, if no image of the set uses the upper bits: they are nearly black after their reduction to 8 bits.</summary>
internal sealed class UnusedSampleRange() : LintRule(
    "FS119", "unused-range", LintSeverity.Warning,
    "images of 16 bits per sample, and no image of the set uses the upper bits: reduced to 8 bits they are dark, or nearly black",
    "set the recipe key input.stretchRange: true, and predict with the stretched range too")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        // One image that uses them all shows that the others are dark, not of a sensor with fewer bits.
        IReadOnlyList<ImageFingerprint> prints = context.Fingerprints ?? [];
        if (prints.Any(print => print.BitsUsed is { } used && used >= print.BitsPerSample))
        {
            return;
        }

        for (int i = 0; i < prints.Count; i++)
        {
            if (prints[i].BitsUsed is { } used)
            {
                found.Add(context.Dataset.Images[i], $"uses {used} of {prints[i].BitsPerSample} bits");
            }
        }
    }
}
