using FocalSharp.Boxes;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Builds a data set from what a format has read: finds the size of each image and validates every box. The same for all formats.
/// </summary>
internal static class DatasetBuilder
{
    public static DetectionDataset Build(RawDataset raw, string given, DatasetReadOptions options)
    {
        raw.Shapes.Report(raw.Log);
        List<RawImage> rawImages = DuplicateResolver.Resolve(raw);
        ReportUnknownSplits(rawImages, raw);
        UnreadFolders.Report(rawImages, raw);
        (bool Exists, ImageHeaderInfo? Info)[] files = ReadImageHeaders(rawImages, options);

        List<DatasetImage> images = new(rawImages.Count);
        long boxId = 0;

        // An image that two splits share is validated once.
        Dictionary<IList<RawBox>, DatasetImage> shared = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < rawImages.Count; i++)
        {
            if (rawImages[i].Boxes.Count > 0 && shared.TryGetValue(rawImages[i].Boxes, out DatasetImage? same) && same.Path == rawImages[i].Path)
            {
                images.Add(same with { Id = rawImages[i].Id ?? images.Count + 1, Split = rawImages[i].Split, SplitName = rawImages[i].SplitName });
                continue;
            }

            if (ResolveSize(rawImages[i], files[i].Exists, files[i].Info, raw, options) is { } size)
            {
                images.Add(Build(rawImages[i], images.Count + 1, size, files[i].Info?.Orientation ?? ExifOrientation.None, raw, options, ref boxId));
                shared.TryAdd(rawImages[i].Boxes, images[^1]);
            }
        }

        if (!options.AllowWrongLayout && raw.Statistics.BoxLayouts?.FindContradiction() is { } other)
        {
            throw new DatasetException(
                $"{given}: the boxes are not in the layout of the format: {other}. The data set is not used as it is. "
                + "Convert the boxes to the layout of the format.")
            { Path = given };
        }

        if (images.Count == 0)
        {
            throw CreateEmptyDatasetError(raw, given);
        }

        return raw.Classes.Count == 0
            ? throw new DatasetException(
                $"{given}: {images.Count} images, but no class was found{DescribeFirst(raw)}. Annotate objects, or list the classes.")
            { Path = given }
            : new DetectionDataset
            {
                Name = Path.GetFileName(raw.Root.Folder) is { Length: > 0 } name ? name : raw.Root.Folder,
                Classes = raw.Classes,
                CategoryIds = raw.CategoryIds.Count > 0 ? raw.CategoryIds : [.. Enumerable.Range(1, raw.Classes.Count)],
                Images = images,
                Problems = raw.Log.Problems,
                MissingSplits = [.. raw.MissingSplits],
                ReadStatistics = raw.Statistics,
            };
    }

    private static DatasetException CreateEmptyDatasetError(RawDataset raw, string given)
    {
        string reasons = raw.Log.Problems.Count == 0
            ? "the annotations list no image"
            : $"{raw.Log.Problems.Count} problems, the first: {FindFirst(raw).Message}";
        string folders = raw.SearchedImageFolders.Count == 0
            ? ""
            : $"\nSearched for images in: {SearchedFolders.Describe(raw)}";
        return new DatasetException($"{given}: the data set contains no usable image ({reasons}).{folders}") { Path = given };
    }

    private static string DescribeFirst(RawDataset raw) =>
        raw.Log.Problems.Count == 0 ? "" : $" ({raw.Log.Problems.Count} problems, the first: {FindFirst(raw).Message.TrimEnd('.')})";

    // One that left something out, if there is any.
    private static DatasetProblem FindFirst(RawDataset raw) => raw.Log.Problems.FirstOrDefault(
        problem => problem.Kind is not (DatasetProblemKind.ConvertedShape or DatasetProblemKind.NonStandard or DatasetProblemKind.LegacyEncoding), raw.Log.Problems[0]);

    // Beside a train split, the images of another name are not silently added to it.
    private static void ReportUnknownSplits(List<RawImage> images, RawDataset raw)
    {
        if (!images.Exists(image => image.Split == DatasetSplit.Train))
        {
            return;
        }

        foreach (IGrouping<string, RawImage> group in images.Where(image => image is { Split: DatasetSplit.Unassigned, SplitName: not null }).GroupBy(image => image.SplitName!))
        {
            raw.Log.Add(
                DatasetProblemKind.UnknownSplit,
                group.Key,
                $"the name is not that of a split, so its {group.Count()} images are neither trained nor evaluated on",
                $"name it train, val or test.{Suggest(group.Key)}".TrimEnd('.'));
        }
    }

    private static string Suggest(string name) =>
        Suggestions.DidYouMean(Path.GetFileNameWithoutExtension(name), SplitNames.Named.Select(SplitNames.GetName));

    private static (bool Exists, ImageHeaderInfo? Info)[] ReadImageHeaders(List<RawImage> rawImages, DatasetReadOptions options)
    {
        (bool, ImageHeaderInfo?)[] files = new (bool, ImageHeaderInfo?)[rawImages.Count];
        Parallel.For(0, rawImages.Count, i =>
        {
            bool exists = File.Exists(rawImages[i].Path);
            bool read = exists && (options.VerifyImages || rawImages[i].Size is null);
            files[i] = (exists, read ? ImageHeader.TryReadInfo(rawImages[i].Path) : null);
        });
        return files;
    }

    private static ImageSize? ResolveSize(
        RawImage image, bool exists, ImageHeaderInfo? info, RawDataset raw, DatasetReadOptions options)
    {
        ProblemLog log = raw.Log;
        if (!exists && (options.RequireImages || image.Size is null))
        {
            string skipped = image.Boxes.Count == 0 ? "skipped" : $"skipped with its {image.Boxes.Count} boxes";
            log.Add(
                DatasetProblemKind.MissingImage,
                image.File,
                image.IsEmbedded
                    ? $"the image file does not exist, and the copy in the annotation file ('imageData') is not read, {skipped}"
                    : $"the image file does not exist, {skipped}",
                image.IsEmbedded ? "save the image beside the annotation file" : "add the file or remove the entry",
                image.FileName);
            return null;
        }

        if (exists && info is null && (options.VerifyImages || image.Size is null))
        {
            log.Add(
                DatasetProblemKind.UnreadableImage,
                image.File,
                ContentSignature.Describe(image.Path) is { } content
                    ? $"the file is not an image but {content}; skipped"
                    : $"the file is not a {ImageHeader.FormatNames} image, skipped",
                "replace the file or remove the entry",
                image.FileName);
            return null;
        }

        if (info is { StoredSize: var stored } && Math.Max(stored.Width, stored.Height) > ImageHeader.MaxSide)
        {
            log.Add(
                DatasetProblemKind.UnreadableImage,
                image.File,
                $"its header states {stored} pixels, and no side may exceed {ImageHeader.MaxSide:N0}; the file is damaged or no image, skipped",
                "replace the file or remove the entry",
                image.FileName);
            return null;
        }

        if (info is { } file && image.Size is { } annotated && file.DisplaySize != annotated)
        {
            if (!raw.IsNormalized && ExifBoxTransform.UsesStoredPixels(image, file))
            {
                log.Add(
                    DatasetProblemKind.BoxesOnUnrotatedImage,
                    image.File,
                    $"annotated as {annotated}, the size of the stored pixels, but EXIF rotates it to {file.DisplaySize}: its boxes were rotated too",
                    "check them, or store the photo upright",
                    image.FileName);
                for (int i = 0; i < image.Boxes.Count; i++)
                {
                    image.Boxes[i] = ExifBoxTransform.Apply(image.Boxes[i], file.Orientation, file.DisplaySize);
                }
            }
            else
            {
                bool rotated = file.DisplaySize == annotated.Transposed;
                log.Add(
                    DatasetProblemKind.SizeMismatch,
                    image.File,
                    $"annotated as {annotated}, but the file is {file.DisplaySize}, which is used",
                    rotated ? "the file seems to have been rotated: check its boxes" : "check that the boxes belong to this file",
                    image.FileName);
            }
        }

        return info?.DisplaySize ?? image.Size;
    }

    private static DatasetImage Build(
        RawImage raw, long number, ImageSize size, int orientation, RawDataset set, DatasetReadOptions options, ref long boxId)
    {
        List<ObjectAnnotation> objects = new(raw.Boxes.Count);
        foreach (RawBox given in raw.Boxes)
        {
            if (given.Label < 0 || given.Label >= set.Classes.Count)
            {
                throw new InvalidOperationException(
                    $"The format returned label {given.Label} for '{raw.FileName}', but there are {set.Classes.Count} classes. Log and skip such boxes.");
            }

            RawBox box = set.IsNormalized ? given.Scale(size.Width, size.Height) : given;
            set.Statistics.BoxLayouts?.Add(given, set.IsNormalized, size, raw.File, raw.FileName);
            string? place = box.Place == 0 ? null : $"{set.PlaceLabel} {box.Place}";
            Box? evaluated = BoxValidator.Validate(box, size, options.OutsideTolerance, (kind, what, fix) =>
                set.Log.Add(kind, raw.File, what, fix, raw.FileName, box.Position, place));
            if (evaluated is { } retained)
            {
                objects.Add(new ObjectAnnotation
                {
                    Label = box.Label,
                    Box = retained,
                    Id = box.Id ?? ++boxId,
                    Area = box.Area ?? (double)retained.Width * retained.Height,
                    IsCrowd = box.IsCrowd,
                    IsIgnored = box.IsIgnored,
                    IsDifficult = box.IsDifficult,
                    SideBlur = box.SideBlur,
                });
            }
        }

        return new DatasetImage
        {
            Id = raw.Id ?? number,
            FileName = raw.FileName,
            Path = raw.Path,
            Width = size.Width,
            Height = size.Height,
            Orientation = orientation,
            Split = raw.Split,
            SplitName = raw.SplitName,
            Objects = objects,
        };
    }
}
