using FocalSharp.Boxes;

namespace FocalSharp.Datasets;

/// <summary>
/// Filters a data set like the official code before training (mmdetection 3.3.0, <c>CocoDataset</c>). Crowd objects remain in the
/// list; they are not targets, and a loader skips them by <see cref="ObjectAnnotation.IsCrowd"/>.
/// </summary>
internal static class TrainingFilter
{
    /// <summary>
    /// Removes images that are small or have no annotation (determined before objects are removed, as in the official code),
    /// then objects that are flagged <c>ignore</c>, lie outside the image, have no positive area, or are
    /// less than one pixel wide or high.
    /// </summary>
    public static DetectionDataset Apply(DetectionDataset dataset, TrainingFilterOptions? options = null)
    {
        options ??= new TrainingFilterOptions();
        return dataset with
        {
            Images =
            [
                .. dataset.Images
                    .Where(image => Math.Min(image.Width, image.Height) >= options.MinSize
                        && !(options.FilterEmpty && image.Objects.Count == 0))
                    .Select(image => image with { Objects = [.. image.Objects.Where(item => IsTrainable(item, image))] }),
            ],
        };
    }

    private static bool IsTrainable(ObjectAnnotation item, DatasetImage image)
    {
        Box box = item.Box;
        return !item.IsIgnored && item.Area > 0 && box.Width >= 1 && box.Height >= 1
            && !box.Clip(image.Width, image.Height).IsEmpty;
    }
}
