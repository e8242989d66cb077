using FocalSharp.Boxes;

namespace FocalSharp.Datasets;

/// <summary>
/// Narrows a data set to what the official code trains on (mmdetection 3.3.0, <c>CocoDataset</c>). Crowd objects stay in the
/// list: they are no targets, and a loader passes over them by <see cref="ObjectAnnotation.IsCrowd"/>.
/// </summary>
public static class TrainingFilter
{
    /// <summary>
    /// Leaves out images that are small or without any annotation, judged before objects are left out, as the official code
    /// does; then objects that are flagged <c>ignore</c>, that do not meet the image, whose area is not positive, or that are
    /// narrower or lower than one pixel.
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
