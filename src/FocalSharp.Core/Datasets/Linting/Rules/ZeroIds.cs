namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Objects with the id 0, which COCO's own evaluation takes for no match.</summary>
internal sealed class ZeroIds() : LintRule(
    "FS216", "id-zero", LintSeverity.Warning,
    "objects with the id 0: COCO's own evaluation (pycocotools) counts their detections as false positives",
    "number annotations from 1 before evaluating with other tools")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        if (context.Dataset.ObjectCount > 1 && context.Dataset.Images.All(image => image.Objects.All(item => item.Id == 0)))
        {
            return; // a data set made in memory, whose objects have no ids
        }

        foreach (DatasetImage image in context.Dataset.Images)
        {
            for (int i = 0; i < image.Objects.Count; i++)
            {
                if (image.Objects[i].Id == 0)
                {
                    found.Add(image, i, "its id is 0");
                }
            }
        }
    }
}
