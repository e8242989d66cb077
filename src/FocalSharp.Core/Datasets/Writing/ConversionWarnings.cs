namespace FocalSharp.Datasets.Writing;

/// <summary>Says what of a data set a format cannot hold.</summary>
internal static class ConversionWarnings
{
    public static IReadOnlyList<string> Collect(DetectionDataset dataset, DatasetFormat format, DatasetWriteOptions options)
    {
        List<string> losses = [];
        if (!options.CopyImages && format == DatasetFormat.Yolo)
        {
            losses.Add("YOLO lists images by their files: put the images in place before reading it.");
        }

        if (format == DatasetFormat.Coco)
        {
            return losses;
        }

        string name = format == DatasetFormat.Voc ? "VOC" : "YOLO";
        ObjectAnnotation[] objects = [.. dataset.Images.SelectMany(image => image.Objects)];
        Count(objects, item => item.IsCrowd, options.DropCrowd
            ? "{0} crowd objects were left out: {1} cannot mark them."
            : format == DatasetFormat.Voc
                ? "{0} crowd objects were marked as difficult: {1} has no crowd flag."
                : "{0} crowd objects became ordinary ones: {1} has no flags.");
        Count(objects, item => item.IsIgnored, "{0} 'ignore' flags were dropped: {1} has none.");
        Count(objects, item => item.SideBlur is not null, "{0} objects lost their recorded side blur: {1} has no place for it.");
        Count(
            objects,
            item => Math.Abs(item.Area - item.Box.Area) > 0.01 * item.Box.Area,
            "{0} mask areas were dropped: {1} knows boxes alone.");
        if (format == DatasetFormat.Yolo)
        {
            Count(objects, item => item.IsDifficult, "{0} 'difficult' flags were dropped: {1} has no flags.");
        }

        if (!dataset.CategoryIds.SequenceEqual(Enumerable.Range(1, dataset.Classes.Count)))
        {
            losses.Add($"COCO's category ids were dropped: {name} numbers classes by their order.");
        }

        return losses;

        void Count(ObjectAnnotation[] all, Func<ObjectAnnotation, bool> has, string message)
        {
            int count = all.Count(has);
            if (count > 0)
            {
                losses.Add(string.Format(message, count, name));
            }
        }
    }
}
