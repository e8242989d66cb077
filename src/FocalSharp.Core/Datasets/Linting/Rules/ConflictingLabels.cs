namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>An object that is annotated as two classes.</summary>
internal sealed class ConflictingLabels() : LintRule(
    "FS207", "two-labels", LintSeverity.Warning,
    "boxes that nearly coincide with one of another class (IoU from 0.9): each is told wrong by the other",
    "keep the right class; where both are meant, merge them or keep the finer one")
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
