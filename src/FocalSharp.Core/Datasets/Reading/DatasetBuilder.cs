using FocalSharp.Boxes;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Makes the data set of a draft: looks at the image files, settles sizes, and judges every box. One rule for all formats.
/// </summary>
internal static class DatasetBuilder
{
    public static DetectionDataset Build(RawDataset raw, string given, DatasetReadOptions options)
    {
        Dictionary<string, RawImage> byPath = RemoveDuplicates(raw);
        List<RawImage> rawImages = [.. raw.Images.Where(image => ReferenceEquals(byPath[image.Path], image))];
        (bool Exists, ImageHeaderInfo? Facts)[] files = ReadImageHeaders(rawImages, options);

        List<DatasetImage> images = new(rawImages.Count);
        long boxId = 0;
        for (int i = 0; i < rawImages.Count; i++)
        {
            if (ResolveSize(rawImages[i], files[i].Exists, files[i].Facts, raw.Log, options) is { } size)
            {
                images.Add(Build(rawImages[i], images.Count + 1, size, files[i].Facts?.Orientation ?? ExifOrientation.None, raw, options, ref boxId));
            }
        }

        if (images.Count == 0)
        {
            throw CreateEmptyDatasetError(raw, given);
        }

        return raw.Classes.Count == 0
            ? throw new FocalSharpException(
                $"{given}: {images.Count} images but not one class was found. Annotate objects, or name the classes.")
            : new DetectionDataset
            {
                Name = Path.GetFileName(raw.Root.Folder) is { Length: > 0 } name ? name : raw.Root.Folder,
                Classes = raw.Classes,
                CategoryIds = raw.CategoryIds,
                Images = images,
                Problems = raw.Log.Problems,
                ReadStatistics = raw.Statistics,
            };
    }

    private static FocalSharpException CreateEmptyDatasetError(RawDataset raw, string given)
    {
        string reasons = raw.Log.Problems.Count == 0
            ? "its annotations list no image"
            : $"{raw.Log.Problems.Count} faults, the first: {raw.Log.Problems[0].Message}";
        string folders = raw.SearchedImageFolders.Count == 0
            ? ""
            : $"\nImages were looked for in: {string.Join(", ", raw.SearchedImageFolders.Distinct().Select(raw.Root.GetRelativePath))}";
        return new FocalSharpException($"{given}: the data set has no image to use ({reasons}).{folders}");
    }

    // The split that judges keeps an image that is listed twice: a model must not be trained on what judges it.
    private static Dictionary<string, RawImage> RemoveDuplicates(RawDataset raw)
    {
        Dictionary<string, RawImage> byPath = new(StringComparer.Ordinal);
        foreach (RawImage image in raw.Images)
        {
            if (byPath.TryAdd(image.Path, image))
            {
                continue;
            }

            RawImage retained = byPath[image.Path];
            if (image.Split > retained.Split)
            {
                byPath[image.Path] = image;
            }

            raw.Log.Add(
                DatasetProblemKind.DuplicateId,
                image.File,
                $"the file is listed twice ({SplitNames.GetName(retained.Split)}, {SplitNames.GetName(image.Split)}), "
                + $"kept once, in {SplitNames.GetName(byPath[image.Path].Split)}",
                "list each image once",
                image.FileName);
        }

        return byPath;
    }

    private static (bool Exists, ImageHeaderInfo? Facts)[] ReadImageHeaders(List<RawImage> rawImages, DatasetReadOptions options)
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
        RawImage image, bool exists, ImageHeaderInfo? info, ProblemLog log, DatasetReadOptions options)
    {
        if (!exists && (options.RequireImages || image.Size is null))
        {
            string lost = image.Boxes.Count == 0 ? "left out" : $"left out with its {image.Boxes.Count} boxes";
            log.Add(
                DatasetProblemKind.MissingImage,
                image.File,
                $"the image file is not there, {lost}",
                "add the file or remove the entry",
                image.FileName);
            return null;
        }

        if (exists && info is null && (options.VerifyImages || image.Size is null))
        {
            log.Add(
                DatasetProblemKind.UnreadableImage,
                image.File,
                "the file is no JPEG, PNG, BMP, GIF or WebP image, left out",
                "replace the file or remove the entry",
                image.FileName);
            return null;
        }

        if (info is { } file && image.Size is { } annotated && file.DisplaySize != annotated)
        {
            if (ExifBoxTransform.UsesStoredPixels(image, file))
            {
                log.Add(
                    DatasetProblemKind.BoxesOnUnrotatedImage,
                    image.File,
                    $"annotated as {annotated}, its stored pixels, but EXIF shows it as {file.DisplaySize}: its boxes were turned along",
                    "check them, or store the photo upright",
                    image.FileName);
                RawBox[] turned = [.. image.Boxes.Select(box => ExifBoxTransform.Apply(box, file.Orientation, file.DisplaySize))];
                image.Boxes.Clear();
                image.Boxes.AddRange(turned);
            }
            else
            {
                bool aside = file.DisplaySize.Width == annotated.Height && file.DisplaySize.Height == annotated.Width;
                log.Add(
                    DatasetProblemKind.SizeMismatch,
                    image.File,
                    $"annotated as {annotated} but the file has {file.DisplaySize}, which is used",
                    aside ? "the file seems turned since: check its boxes" : "check that the boxes belong to this file",
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
            RawBox box = !raw.Normalized
                ? given
                : given.Scale(size.Width, size.Height);
            set.Statistics.BoxLayouts.Add(given, raw.Normalized, size, raw.File, raw.FileName);
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
            Objects = objects,
        };
    }
}
