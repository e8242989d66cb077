namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images with more objects than AP allows detections.</summary>
internal sealed class CrowdedImages() : LintRule(
    "FS212", "crowded-image", LintSeverity.Note,
    "images with more than 100 objects: COCO's AP counts the 100 most confident detections only, so that their recall cannot reach 1",
    "cut such images into tiles (convert --tiles), or evaluate with a higher limit")
{
    private const int MaxObjects = 100;

    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (DatasetImage image in context.Dataset.Images)
        {
            if (image.Objects.Count > MaxObjects)
            {
                found.Add(image, $"{image.Objects.Count} objects");
            }
        }
    }
}
