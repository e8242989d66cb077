using System.Text.Json;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Reads COCO JSON: one file, or a folder with one file per split.</summary>
internal static class CocoReader
{
    // What the writer calls images of no split.
    private const string WrittenUnassigned = "instances_unassigned";

    public static RawDataset? TryRead(DatasetSource source)
    {
        if (source.IsFile && !source.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !source.IsFormatSpecified)
        {
            return null;
        }

        IReadOnlyList<string> files = source.IsFile ? [source.Path] : CocoLayout.Candidates(source.Path);
        string root = source.IsFile ? CocoLayout.GetRoot(source.Path) : source.Path;
        RawDataset raw = new(root) { PlaceLabel = "annotation", BoxLayout = BoxLayout.CornerAndSize };
        CategoryTable categories = new();
        CocoImages images = new(raw, source.Options);
        bool any = false;
        foreach (string file in files)
        {
            if (Parse(file, raw) is not { } content)
            {
                continue;
            }

            if (content is { HasImages: true, HasLabels: true })
            {
                any = true;
                AddFile(content, file, source.IsFile ? null : source.Path, categories, images, raw);
            }
            else if (content.IsObject)
            {
                source.AddNote(
                    $"{raw.Root.GetRelativePath(file)} has the keys {content.Deviations.DescribeKeys("")}; COCO needs 'images', 'annotations' and 'categories'"
                    + string.Concat(content.Deviations.WrongTypes.Select(wrong => $", but '{wrong.List}' is {wrong.Type}")));
            }
        }

        if (any)
        {
            if (!source.IsFile && files.Count > 1 && CocoLayout.FindParts(source.Path).SequenceEqual(files) && files.All(file => CocoLayout.GetSplit(file, source.Path) == DatasetSplit.Unassigned))
            {
                raw.Log.Add(
                    DatasetProblemKind.NonStandard,
                    raw.Root.GetRelativePath(files[0]),
                    $"{files.Count} folders with annotations, whose names are not those of splits, are read as one data set: {string.Join(", ", files.Take(5).Select(file => Path.GetFileName(Path.GetDirectoryName(file))))}{(files.Count > 5 ? ", …" : "")}",
                    "name them train, val or test to use them as splits, or pass one of them");
            }

            images.Notes.Report(raw.Log);
            (raw.Classes, raw.CategoryIds) = (categories.Names, categories.Ids);
            return raw;
        }

        foreach (DatasetProblem problem in raw.Log.Problems.Take(5))
        {
            source.AddNote($"(unreadable) {problem.Message}");
        }

        return null;
    }

    private static CocoFile? Parse(string file, RawDataset raw)
    {
        try
        {
            using Stream stream = JsonFile.Open(file, raw.Log, raw.Root.GetRelativePath(file));
            return CocoParser.Parse(stream);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            raw.Log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                raw.Root.GetRelativePath(file),
                $"cannot be read as JSON ({ProblemLog.Sanitize(exception.Message)}), the file is skipped",
                "fix the file or export it again");
            return null;
        }
    }

    private static void AddFile(CocoFile content, string file, string? folder, CategoryTable categories, CocoImages images, RawDataset raw)
    {
        string shown = raw.Root.GetRelativePath(file);
        if (content.Deviations.FindOtherTask() is { } task && content.Annotations.All(annotation => annotation.Numbers == 0 && annotation.Segmentation is null))
        {
            raw.Log.Add(DatasetProblemKind.MissingLabels, shown, $"its annotations are {task}, which are not read: objects need boxes, polygons or masks", "pass the file of boxes, often named instances");
            content.Annotations.Clear();
        }

        content.Deviations.Report(shown, raw.Log);
        foreach (string element in content.Malformed)
        {
            raw.Log.Add(DatasetProblemKind.UnreadableAnnotation, shown, $"{element} is not an object, skipped", "remove it");
        }

        if (!content.HasAnnotations && !content.Deviations.WrongTypes.Any(wrong => wrong.List == CocoKeys.Annotations) && CocoLayout.IsExpectedToHaveAnnotations(file))
        {
            raw.Log.Add(
                DatasetProblemKind.MissingLabels,
                shown,
                $"it has no 'annotations'; its keys are {content.Deviations.DescribeKeys("")}",
                "write the objects to 'annotations'");
        }

        if (content is { HasCategories: true, Categories.Count: 0, Annotations.Count: > 0 })
        {
            raw.Log.Add(
                DatasetProblemKind.UnknownCategory,
                shown,
                $"'categories' is empty, but the annotations have the category ids {DescribeCategories(content)}",
                "list an id and a name for each of them in 'categories'");
        }

        Dictionary<long, int> labels = categories.Add(content, shown, raw.Log);
        foreach (long id in labels.Keys)
        {
            raw.Statistics.AddKnownCategory(id);
        }

        DatasetSplit split = CocoLayout.GetSplit(file, folder);
        string? name = split != DatasetSplit.Unassigned ? CocoLayout.GetSplitName(file) : Path.GetFileNameWithoutExtension(file) == WrittenUnassigned ? null : shown;
        AddBoxes(content, shown, labels, images.Add(content, file, shown, split, name), NextFreeId(content), raw);
    }

    private static string DescribeCategories(CocoFile content)
    {
        const int MaxListed = 5;
        long[] ids = [.. content.Annotations.Select(annotation => annotation.CategoryId).OfType<long>().Where(id => !TextIds.IsText(id)).Distinct().Order().Take(MaxListed + 1)];
        return ids.Length == 0 ? "of text only" : string.Join(", ", ids.Take(MaxListed)) + (ids.Length > MaxListed ? ", …" : "");
    }

    private static long NextFreeId(CocoFile content) =>
        Math.Clamp(content.Annotations.Select(annotation => annotation.Id ?? 0).DefaultIfEmpty().Max(), 0, long.MaxValue / 2) + 1;

    private static void AddBoxes(
        CocoFile content,
        string shown,
        Dictionary<long, int> labels,
        Dictionary<long, RawImage> images,
        long freeId,
        RawDataset raw)
    {
        HashSet<long> ids = [];
        Dictionary<long, int> positions = [];
        foreach (CocoAnnotation annotation in content.Annotations)
        {
            if (annotation.ImageId is not { } imageId || !images.TryGetValue(imageId, out RawImage? image))
            {
                raw.Log.Add(
                    DatasetProblemKind.MissingImage,
                    shown,
                    $"its image id {annotation.ImageId?.ToString() ?? "(none)"} is not listed or was skipped; skipped too",
                    "add the image's entry or remove the annotation",
                    place: $"annotation {annotation.Id}");
                continue;
            }

            raw.Statistics.AddUsedCategory(annotation.CategoryId ?? long.MinValue);
            int position = positions[imageId] = positions.GetValueOrDefault(imageId, -1) + 1;
            if (Box(annotation, position, shown, image.FileName, labels, raw) is { } box)
            {
                bool unique = annotation.Id is { } given && ids.Add(given);
                if (!unique && annotation.Id is { } twice)
                {
                    raw.Log.Add(
                        DatasetProblemKind.DuplicateId,
                        shown,
                        $"annotation id {twice} is used twice, changed to {freeId}",
                        "give each annotation its own id",
                        image.FileName,
                        position);
                }

                image.Boxes.Add(box with { Id = unique ? annotation.Id : freeId++ });
            }
        }
    }

    private static RawBox? Box(
        in CocoAnnotation annotation, int position, string shown, string imageName, Dictionary<long, int> labels, RawDataset raw)
    {
        ProblemLog log = raw.Log;
        string place = $"annotation {annotation.Id}";
        if (annotation.CategoryId is not { } category || !labels.TryGetValue(category, out int label))
        {
            log.Add(
                DatasetProblemKind.UnknownCategory,
                shown,
                $"category id {annotation.CategoryId?.ToString() ?? "(none)"} is not in 'categories', skipped",
                "add the category or correct the id",
                imageName,
                position,
                place);
            return null;
        }

        if (annotation.Numbers != 4 && annotation.Segmentation is { } outline)
        {
            raw.Shapes.AddEnclosed(outline.IsMask ? "masks" : "polygons", shown, imageName, position);
            return WithFlags(outline.Box.ToRawBox(label, position), annotation);
        }

        if (annotation.Numbers != 4)
        {
            log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                shown,
                annotation.Numbers == 0
                    ? "it has no 'bbox' with four numbers and no 'segmentation', skipped"
                    : $"'bbox' has {annotation.Numbers} numbers instead of x, y, width, height; skipped",
                "write four numbers or remove it",
                imageName,
                position,
                place);
            return null;
        }

        if (annotation.Rotation % 180 != 0)
        {
            raw.Shapes.AddEnclosed("rotated boxes", shown, imageName, position);
            return WithFlags(
                EnclosingBox.FromRotatedRectangle(annotation.X, annotation.Y, annotation.Width, annotation.Height, annotation.Rotation)
                    .ToRawBox(label, position),
                annotation);
        }

        return WithFlags(
            new RawBox
            {
                Label = label,
                X1 = annotation.X,
                Y1 = annotation.Y,
                X2 = annotation.X + annotation.Width,
                Y2 = annotation.Y + annotation.Height,
                Position = position,
            },
            annotation);
    }

    private static RawBox WithFlags(in RawBox box, in CocoAnnotation annotation) => box with
    {
        Place = annotation.Id ?? 0,
        Area = double.IsFinite(annotation.Area) ? annotation.Area : null,
        IsCrowd = annotation.IsCrowd,
        IsIgnored = annotation.IsIgnored,
        IsDifficult = annotation.IsDifficult,
        SideBlur = annotation.SideBlur,
    };
}
