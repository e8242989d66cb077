namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>An object that is annotated as two classes.</summary>
internal sealed class DoublyLabelledBoxes() : LintRule(
    "FS207", "two-labels", LintSeverity.Warning,
    "boxes that nearly coincide with one of another class (IoU from 0.9): each is told wrong by the other",
    "keep the right class; where both are meant, merge them or keep the finer one")
{
    private const float Least = 0.9f;

    protected override void Look(LintContext context, LintCollector found)
    {
        IReadOnlyList<string> classes = context.Dataset.Classes;
        foreach (DatasetImage image in context.Dataset.Images)
        {
            foreach ((int index, int other, float iou) in BoxPairs.Find(image, Least, (a, b) => a.Label != b.Label))
            {
                found.Add(image, index, $"'{classes[image.Objects[index].Label]}', IoU {iou:0.00} with box {other}, '{classes[image.Objects[other].Label]}'");
            }
        }
    }
}
