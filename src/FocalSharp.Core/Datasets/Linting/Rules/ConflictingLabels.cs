namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Objects annotated as two classes.</summary>
internal sealed class ConflictingLabels() : LintRule(
    "FS207", "two-labels", LintSeverity.Warning,
    "boxes that nearly coincide with one of another class (IoU at least 0.9): the two labels contradict each other",
    "remove the wrong class; if both are intended, merge the classes or use the more specific one")
{
    private const float MinIou = 0.9f;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        IReadOnlyList<string> classes = context.Dataset.Classes;
        foreach (DatasetImage image in context.Dataset.Images)
        {
            foreach ((int index, int other, float iou) in OverlappingBoxPairs.Find(image, MinIou, (a, b) => a.Label != b.Label))
            {
                found.Add(image, index, $"'{classes[image.Objects[index].Label]}', IoU {iou:0.00} with box {other}, '{classes[image.Objects[other].Label]}'");
            }
        }
    }
}
