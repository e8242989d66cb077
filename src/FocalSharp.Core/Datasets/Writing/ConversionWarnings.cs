namespace FocalSharp.Datasets.Writing;

/// <summary>Lists what a format cannot store of a data set.</summary>
internal static class ConversionWarnings
{
    public static IReadOnlyList<string> Collect(DetectionDataset dataset, IDatasetFormat format, DatasetWriteOptions options)
    {
        string name = format.DisplayName;
        List<string> warnings = [];
        if (!options.CopyImages && Lacks(DatasetFeatures.ImageSizes))
        {
            warnings.Add($"{name} does not store image sizes: copy the images into place before reading it.");
        }

        ObjectAnnotation[] objects = [.. dataset.Images.SelectMany(image => image.Objects)];
        Count(DatasetFeatures.Crowd, item => item.IsCrowd, options.DropCrowd
            ? $"crowd objects were removed: {name} has no crowd flag."
            : Lacks(DatasetFeatures.Difficult)
                ? $"crowd objects were written as ordinary objects: {name} has no crowd flag."
                : $"crowd objects were marked as difficult: {name} has no crowd flag.");
        Count(DatasetFeatures.Ignored, item => item.IsIgnored, $"'ignore' flags were dropped: {name} has no such flag.");
        Count(DatasetFeatures.SideBlur, item => item.SideBlur is not null, $"objects lost their recorded side blur: {name} cannot store it.");
        Count(
            DatasetFeatures.Area,
            item => Math.Abs(item.Area - item.Box.Area) > 0.01 * item.Box.Area,
            $"mask areas were dropped: {name} stores boxes only.");
        Count(DatasetFeatures.Difficult, item => item.IsDifficult, $"'difficult' flags were dropped: {name} has no such flag.");
        if (Lacks(DatasetFeatures.CategoryIds) && !dataset.CategoryIds.SequenceEqual(Enumerable.Range(1, dataset.Classes.Count)))
        {
            warnings.Add($"COCO category ids were dropped: {name} numbers classes by their order.");
        }

        return warnings;

        bool Lacks(DatasetFeatures feature) => !format.Features.HasFlag(feature);

        void Count(DatasetFeatures feature, Func<ObjectAnnotation, bool> has, string message)
        {
            int count = Lacks(feature) ? objects.Count(has) : 0;
            if (count > 0)
            {
                warnings.Add($"{count} {message}");
            }
        }
    }
}
