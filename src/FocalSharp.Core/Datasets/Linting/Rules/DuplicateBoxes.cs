namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Objects annotated twice.</summary>
internal sealed class DuplicateBoxes() : LintRule(
    "FS206", "duplicate-box", LintSeverity.Warning,
    "boxes that nearly coincide with another of their class (IoU at least 0.9): objects annotated twice",
    "remove one of each pair")
{
    private const float MinIou = 0.9f;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (DatasetImage image in context.Dataset.Images)
        {
            foreach ((int index, int other, float iou) in OverlappingBoxPairs.Find(image, MinIou, (a, b) => a.Label == b.Label))
            {
                found.Add(image, index, $"'{context.Dataset.Classes[image.Objects[index].Label]}', IoU {iou:0.00} with box {other}");
            }
        }
    }
}
