using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Copies of one picture with other labels.</summary>
internal sealed class ContradictoryDuplicates() : LintRule(
    "FS405", "contradictory-copies", LintSeverity.Warning,
    "copies of one picture, byte for byte, whose boxes or classes differ: at most one is right",
    "keep the copy that is labelled rightly")
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
                    found.Add(images[other], $"{images[other].Objects.Count} objects, its copy '{images[group[0]].FileName}' has {images[group[0]].Objects.Count} or others");
                }
            }
        }
    }

    // Every object of one has its like in the other; crowded images are compared up to a bound.
    private static bool Agree(DatasetImage a, DatasetImage b)
    {
        const int Max = 500;
        return a.Objects.Count == b.Objects.Count && a.Objects.Take(Max).All(item => b.Objects.Take(Max).Any(other =>
            other.Label == item.Label && BoxIou.Iou(item.Box, other.Box) >= MinIou));
    }
}
