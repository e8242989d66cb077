namespace FocalSharp.Evaluation.Coco;

/// <summary>Checks that results match a ground truth.</summary>
internal static class CocoResultsValidator
{
    private const int MaxListed = 12;

    /// <summary>Checks that the ground truth contains every image and, unless unknown ones are ignored, every category.</summary>
    /// <exception cref="DatasetException">An image or category is unknown; the message identifies the entry.</exception>
    public static void Validate(CocoGroundTruth truth, CocoResults results, bool ignoreUnknownCategories)
    {
        HashSet<long> images = [.. truth.ImageIds];
        HashSet<int> categories = [.. truth.Categories.Select(category => category.Id)];
        for (int i = 0; i < results.Entries.Length; i++)
        {
            ref readonly CocoResult entry = ref results.Entries[i];
            if (!images.Contains(entry.ImageId))
            {
                throw new DatasetException(
                    $"{results.Source}: entry {i}: image_id {entry.ImageId} is not among the {images.Count} images of " +
                    $"{truth.Source}. Evaluate results against the annotations of the same images, or remove the entry.")
                { Path = results.Source };
            }

            if (!ignoreUnknownCategories && !categories.Contains(entry.CategoryId))
            {
                string known = string.Join(", ", categories.Order().Take(MaxListed)) + (categories.Count > MaxListed ? ", …" : "");
                throw new DatasetException(
                    $"{results.Source}: entry {i}: category_id {entry.CategoryId} is not among the categories of " +
                    $"{truth.Source} ({known}). Write the category ids of the annotation file, not the detector's class indices, or " +
                    "remove the entry.")
                { Path = results.Source };
            }
        }
    }
}
