namespace FocalSharp.Evaluation.Coco;

/// <summary>Checks that results belong to a ground truth.</summary>
internal static class CocoResultsValidator
{
    private const int MaxListed = 12;

    /// <summary>Requires that every image, and every category unless it may be left out, is known.</summary>
    /// <exception cref="FocalSharpException">One is not; the message names the entry.</exception>
    public static void Validate(CocoGroundTruth truth, CocoResults results, bool ignoreUnknownCategories)
    {
        HashSet<long> images = [.. truth.ImageIds];
        HashSet<int> categories = [.. truth.Categories.Select(category => category.Id)];
        for (int i = 0; i < results.Entries.Length; i++)
        {
            ref readonly CocoResult entry = ref results.Entries[i];
            if (!images.Contains(entry.ImageId))
            {
                throw new FocalSharpException(
                    $"{results.Source}: entry {i}: image_id {entry.ImageId} is not among the {images.Count} images of " +
                    $"{truth.Source}; judge results against the annotations of the images they were made on, or " +
                    "remove the entry.");
            }

            if (!ignoreUnknownCategories && !categories.Contains(entry.CategoryId))
            {
                string known = string.Join(", ", categories.Order().Take(MaxListed)) + (categories.Count > MaxListed ? ", …" : "");
                throw new FocalSharpException(
                    $"{results.Source}: entry {i}: category_id {entry.CategoryId} is not among the categories of " +
                    $"{truth.Source} " +
                    $"({known}); write the annotation file's category ids, not the detector's class indices, or " +
                    "remove the entry.");
            }
        }
    }
}
