using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Identical files in two splits.</summary>
internal sealed class LeakedImages() : LintRule(
    "FS401", "leaked-image", LintSeverity.Error,
    "identical image files in two splits: the model is evaluated on training images, and its AP is too high",
    "remove them from one split, preferably from train")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        IReadOnlyList<DatasetImage> images = context.Dataset.Images;
        foreach (int[] group in context.Duplicates.Identical)
        {
            // One file in two splits is reported as a shared split.
            int first = group.MinBy(i => images[i].Split);
            foreach (int other in group.Where(i => images[i].Split != images[first].Split && images[i].Path != images[first].Path))
            {
                found.Add(images[other], $"in {SplitNames.GetName(images[other].Split)}, and as '{images[first].FileName}' in {SplitNames.GetName(images[first].Split)}");
            }
        }
    }
}
