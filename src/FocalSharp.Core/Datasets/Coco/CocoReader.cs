using System.Text.Json;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Coco;

/// <summary>Reads COCO JSON: one file, or a folder with a file for each split.</summary>
internal static class CocoReader
{
    public static DatasetDraft? TryRead(string path, DatasetReadOptions options, List<string> lookedFor)
    {
        bool single = File.Exists(path);
        if (single && !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && options.Format != DatasetFormat.Coco)
        {
            lookedFor.Add("COCO: a .json file with 'images', 'annotations' and 'categories'");
            return null;
        }

        IReadOnlyList<string> files = single ? [path] : CocoLayout.Candidates(path);
        string root = single ? CocoLayout.RootOf(path) : path;
        DatasetDraft draft = new(new DataRoot(root), [], [], [], new ProblemLog(), DatasetFormat.Coco, "annotation");
        CategoryTable categories = new();
        bool any = false;
        foreach (string file in files)
        {
            if (Parse(file, draft) is { HasImages: true, HasLabels: true } content)
            {
                any = true;
                AddFile(content, file, categories, draft, options);
            }
        }

        if (any)
        {
            return draft with { Classes = categories.Names, CategoryIds = categories.Ids };
        }

        lookedFor.Add(single
            ? "COCO: 'images', 'annotations' and 'categories' in the file"
            : "COCO: annotations/*.json, *.json, or _annotations.coco.json in train/, valid/, test/, "
                + "with 'images', 'annotations' and 'categories'");
        lookedFor.AddRange(draft.Log.Problems.Take(5).Select(problem => $"  (unreadable) {problem.Message}"));
        return null;
    }

    private static CocoFile? Parse(string file, DatasetDraft draft)
    {
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            return CocoParser.Parse(stream);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            draft.Log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                draft.Root.Show(file),
                $"cannot be read as JSON ({ProblemLog.Show(exception.Message)}), the whole file is left out",
                "mend or export it again");
            return null;
        }
    }

    private static void AddFile(
        CocoFile content, string file, CategoryTable categories, DatasetDraft draft, DatasetReadOptions options)
    {
        string shown = draft.Root.Show(file);
        foreach (string element in content.Malformed)
        {
            draft.Log.Add(DatasetProblemKind.UnreadableAnnotation, shown, $"{element} is not an object, left out", "remove it");
        }

        Dictionary<long, int> labels = categories.Add(content, shown, draft.Log);
        foreach (long id in labels.Keys)
        {
            draft.Evidence.Know(id);
        }

        DatasetSplit split = CocoLayout.Split(file);
        Dictionary<long, ImageDraft> images = AddImages(content, file, shown, split, draft, options);
        AddBoxes(content, shown, labels, images, NextFreeId(content), draft);
    }

    private static long NextFreeId(CocoFile content) =>
        Math.Clamp(content.Annotations.Select(annotation => annotation.Id ?? 0).DefaultIfEmpty().Max(), 0, long.MaxValue / 2) + 1;

    private static Dictionary<long, ImageDraft> AddImages(
        CocoFile content, string file, string shown, DatasetSplit split, DatasetDraft draft, DatasetReadOptions options)
    {
        // A folder that the user names is trusted as a root of its own.
        DataRoot root = options.ImageFolder is { } chosen ? new DataRoot(chosen) : draft.Root;
        string[] places = options.ImageFolder is null ? [.. CocoLayout.ImageFoldersFor(file, split, root.Folder)] : [root.Folder];
        string? folder = CocoLayout.FindImages(places, root, content.Images);
        if (folder is null)
        {
            draft.LookedForImages.AddRange(places.Distinct());
        }

        Dictionary<long, ImageDraft> images = new(content.Images.Count);
        foreach (CocoImage image in content.Images)
        {
            if (AddImage(image, folder ?? places[^1], root, shown, split, images, draft.Log) is { } added)
            {
                images[added.Id!.Value] = added;
                draft.Images.Add(added);
            }
        }

        return images;
    }

    private static ImageDraft? AddImage(
        CocoImage image,
        string folder,
        DataRoot root,
        string shown,
        DatasetSplit split,
        Dictionary<long,
        ImageDraft> known,
        ProblemLog log)
    {
        if (image.Id is not { } id || string.IsNullOrWhiteSpace(image.FileName))
        {
            log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                shown,
                "an image without a whole-number id or a file name, left out",
                "give it both",
                image.FileName);
            return null;
        }

        if (known.TryGetValue(id, out ImageDraft? first))
        {
            log.Add(
                DatasetProblemKind.DuplicateId,
                shown,
                $"image id {id} is already that of '{first.FileName}', left out",
                "give each image its own id",
                image.FileName);
            return null;
        }

        if (root.Resolve(folder, image.FileName) is not { } path)
        {
            log.Add(
                DatasetProblemKind.EscapingPath,
                shown,
                "the path is absolute or leaves the data set's folder, left out",
                "write it relative to the image folder",
                image.FileName);
            return null;
        }

        return new ImageDraft
        {
            File = shown,
            FileName = image.FileName.Replace('\\', '/'),
            Path = path,
            Split = split,
            Id = id,
            Size = ImageSize.From(image.Width, image.Height),
        };
    }

    private static void AddBoxes(
        CocoFile content,
        string shown,
        Dictionary<long,
        int> labels,
        Dictionary<long,
        ImageDraft> images,
        long freeId,
        DatasetDraft draft)
    {
        HashSet<long> ids = [];
        Dictionary<long, int> positions = [];
        foreach (CocoAnnotation annotation in content.Annotations)
        {
            if (annotation.ImageId is not { } imageId || !images.TryGetValue(imageId, out ImageDraft? image))
            {
                draft.Log.Add(
                    DatasetProblemKind.MissingImage,
                    shown,
                    $"it belongs to image id {annotation.ImageId?.ToString() ?? "(none)"}, which is not listed or was left out; left out too",
                    "add the image's entry or remove the annotation",
                    place: $"annotation {annotation.Id}");
                continue;
            }

            draft.Evidence.Use(annotation.CategoryId ?? long.MinValue);
            int position = positions[imageId] = positions.GetValueOrDefault(imageId, -1) + 1;
            if (Box(annotation, position, shown, image.FileName, labels, draft.Log) is { } box)
            {
                bool unique = annotation.Id is { } given && ids.Add(given);
                if (!unique && annotation.Id is { } twice)
                {
                    draft.Log.Add(
                        DatasetProblemKind.DuplicateId,
                        shown,
                        $"annotation id {twice} is used twice, kept as {freeId}",
                        "give each annotation its own id",
                        image.FileName,
                        position);
                }

                image.Boxes.Add(box with { Id = unique ? annotation.Id : freeId++ });
            }
        }
    }

    private static BoxDraft? Box(
        in CocoAnnotation annotation, int position, string shown, string imageName, Dictionary<long, int> labels, ProblemLog log)
    {
        string place = $"annotation {annotation.Id}";
        if (annotation.CategoryId is not { } category || !labels.TryGetValue(category, out int label))
        {
            log.Add(
                DatasetProblemKind.UnknownCategory,
                shown,
                $"category id {annotation.CategoryId?.ToString() ?? "(none)"} is not in 'categories', left out",
                "add the category or correct the id",
                imageName,
                position,
                place);
            return null;
        }

        if (annotation.Numbers != 4)
        {
            log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                shown,
                $"'bbox' has {annotation.Numbers} numbers where x, y, width, height are expected, left out",
                "write four numbers or remove it",
                imageName,
                position,
                place);
            return null;
        }

        return new BoxDraft
        {
            Label = label,
            X1 = annotation.X,
            Y1 = annotation.Y,
            X2 = annotation.X + annotation.Width,
            Y2 = annotation.Y + annotation.Height,
            Position = position,
            Place = annotation.Id ?? 0,
            Area = double.IsFinite(annotation.Area) ? annotation.Area : null,
            IsCrowd = annotation.IsCrowd,
            IsIgnored = annotation.IsIgnored,
            IsDifficult = annotation.IsDifficult,
            SideBlur = annotation.SideBlur,
        };
    }
}
