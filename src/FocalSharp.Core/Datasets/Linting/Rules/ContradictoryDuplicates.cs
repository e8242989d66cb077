using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Identical images with different labels.</summary>
internal sealed class ContradictoryDuplicates() : LintRule(
    "FS405", "contradictory-duplicates", LintSeverity.Warning,
    "identical image files whose boxes or classes differ: at most one is correct",
    "remove the wrongly labeled copies")
{
    private const float MinIou = 0.7f;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        IReadOnlyList<DatasetImage> images = context.Dataset.Images;
        foreach (int[] group in context.Duplicates.Identical)
        {
            foreach (int other in group.Skip(1))
            {
                if (!Agree(images[group[0]], images[other]))
                {
                    found.Add(images[other], $"{images[other].Objects.Count} objects; its copy '{images[group[0]].FileName}' has {images[group[0]].Objects.Count} or different ones");
                }
            }
        }
    }

    // Every object of one image has a counterpart in the other; crowded images are compared up to a limit.
    private static bool Agree(DatasetImage a, DatasetImage b)
    {
        const int Max = 500;
        return a.Objects.Count == b.Objects.Count && a.Objects.Take(Max).All(item => b.Objects.Take(Max).Any(other =>
            other.Label == item.Label && BoxIou.Iou(item.Box, other.Box) >= MinIou));
    }
}
