using FocalSharp.Datasets.Linting.Copies;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images that look like one of another split.</summary>
internal sealed class LeakedNearDuplicates() : LintRule(
    "FS402", "leaked-near-duplicate", LintSeverity.Warning,
    "images that look like one of another split (re-encoded, scaled, mirrored, the next video frame): the evaluation is too optimistic",
    "split by source (video, place, day) instead of by image; remove such images from one split")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        IReadOnlyList<DatasetImage> images = context.Dataset.Images;
        foreach (NearDuplicate copy in context.Duplicates.AcrossSplits)
        {
            found.Add(
                images[copy.Image],
                $"in {SplitNames.GetName(images[copy.Image].Split)}, {copy.Describe()} '{images[copy.Other].FileName}' in {SplitNames.GetName(images[copy.Other].Split)}");
        }
    }
}
