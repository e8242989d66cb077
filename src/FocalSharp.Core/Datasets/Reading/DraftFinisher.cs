using FocalSharp.Datasets.Files;
using FocalSharp.Geometry;

namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Makes the data set of a draft: looks at the image files, settles sizes, and judges every box. One rule for all formats.
/// </summary>
internal static class DraftFinisher
{
    public static DetectionDataset Finish(DatasetDraft draft, string given, DatasetReadOptions options)
    {
        Dictionary<string, ImageDraft> byPath = OnePerFile(draft);
        List<ImageDraft> drafts = [.. draft.Images.Where(image => ReferenceEquals(byPath[image.Path], image))];
        (bool Exists, ImageFacts? Facts)[] files = LookAtFiles(drafts, options);

        List<DatasetImage> images = new(drafts.Count);
        long boxId = 0;
        for (int i = 0; i < drafts.Count; i++)
        {
            if (SettleSize(drafts[i], files[i].Exists, files[i].Facts, draft.Log, options) is { } size)
            {
                images.Add(Finish(drafts[i], images.Count + 1, size, files[i].Facts?.Orientation ?? ExifOrientation.None, draft, options, ref boxId));
            }
        }

        if (images.Count == 0)
        {
            throw Empty(draft, given);
        }

        return draft.Classes.Count == 0
            ? throw new UserErrorException(
                $"{given}: {images.Count} images but not one class was found. Annotate objects, or name the classes.")
            : new DetectionDataset
            {
                Name = Path.GetFileName(draft.Root.Folder) is { Length: > 0 } name ? name : draft.Root.Folder,
                Classes = draft.Classes,
                CategoryIds = draft.CategoryIds,
                Images = images,
                Problems = draft.Log.Problems,
                Evidence = draft.Evidence,
            };
    }

    private static UserErrorException Empty(DatasetDraft draft, string given)
    {
        string reasons = draft.Log.Problems.Count == 0
            ? "its annotations list no image"
            : $"{draft.Log.Problems.Count} faults, the first: {draft.Log.Problems[0].Message}";
        string folders = draft.LookedForImages.Count == 0
            ? ""
            : $"\nImages were looked for in: {string.Join(", ", draft.LookedForImages.Distinct().Select(draft.Root.Show))}";
        return new UserErrorException($"{given}: the data set has no image to use ({reasons}).{folders}");
    }

    // The split that judges keeps an image that is listed twice: a model must not be trained on what judges it.
    private static Dictionary<string, ImageDraft> OnePerFile(DatasetDraft draft)
    {
        Dictionary<string, ImageDraft> byPath = new(StringComparer.Ordinal);
        foreach (ImageDraft image in draft.Images)
        {
            if (byPath.TryAdd(image.Path, image))
            {
                continue;
            }

            ImageDraft kept = byPath[image.Path];
            if (image.Split > kept.Split)
            {
                byPath[image.Path] = image;
            }

            draft.Log.Add(
                DatasetProblemKind.DuplicateId,
                image.File,
                $"the file is listed twice ({SplitNames.Of(kept.Split)}, {SplitNames.Of(image.Split)}), "
                + $"kept once, in {SplitNames.Of(byPath[image.Path].Split)}",
                "list each image once",
                image.FileName);
        }

        return byPath;
    }

    private static (bool Exists, ImageFacts? Facts)[] LookAtFiles(List<ImageDraft> drafts, DatasetReadOptions options)
    {
        (bool, ImageFacts?)[] files = new (bool, ImageFacts?)[drafts.Count];
        Parallel.For(0, drafts.Count, i =>
        {
            bool exists = File.Exists(drafts[i].Path);
            bool read = exists && (options.VerifyImages || drafts[i].Size is null);
            files[i] = (exists, read ? ImageHeader.TryReadFacts(drafts[i].Path) : null);
        });
        return files;
    }

    private static ImageSize? SettleSize(
        ImageDraft image, bool exists, ImageFacts? facts, ProblemLog log, DatasetReadOptions options)
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

        if (exists && facts is null && (options.VerifyImages || image.Size is null))
        {
            log.Add(
                DatasetProblemKind.UnreadableImage,
                image.File,
                "the file is no JPEG, PNG, BMP, GIF or WebP image, left out",
                "replace the file or remove the entry",
                image.FileName);
            return null;
        }

        if (facts is { } file && image.Size is { } annotated && file.Shown != annotated)
        {
            if (ExifTurn.MeansStored(image, file))
            {
                log.Add(
                    DatasetProblemKind.TurnedImage,
                    image.File,
                    $"annotated as {annotated}, its stored pixels, but EXIF shows it as {file.Shown}: its boxes were turned along",
                    "check them, or store the photo upright",
                    image.FileName);
                BoxDraft[] turned = [.. image.Boxes.Select(box => ExifTurn.Apply(box, file.Orientation, file.Shown))];
                image.Boxes.Clear();
                image.Boxes.AddRange(turned);
            }
            else
            {
                bool aside = file.Shown.Width == annotated.Height && file.Shown.Height == annotated.Width;
                log.Add(
                    DatasetProblemKind.SizeMismatch,
                    image.File,
                    $"annotated as {annotated} but the file has {file.Shown}, which is used",
                    aside ? "the file seems turned since: check its boxes" : "check that the boxes belong to this file",
                    image.FileName);
            }
        }

        return facts?.Shown ?? image.Size;
    }

    private static DatasetImage Finish(
        ImageDraft draft, long number, ImageSize size, int orientation, DatasetDraft set, DatasetReadOptions options, ref long boxId)
    {
        List<ObjectAnnotation> objects = new(draft.Boxes.Count);
        foreach (BoxDraft given in draft.Boxes)
        {
            BoxDraft box = !draft.Normalized
                ? given
                : given.Scale(size.Width, size.Height);
            set.Evidence.Coordinates.Add(given, draft.Normalized, size, draft.File, draft.FileName);
            string? place = box.Place == 0 ? null : $"{set.PlaceNoun} {box.Place}";
            Box? judged = BoxRule.Judge(box, size, options.OutsideTolerance, (kind, what, remedy) =>
                set.Log.Add(kind, draft.File, what, remedy, draft.FileName, box.Position, place));
            if (judged is { } kept)
            {
                objects.Add(new ObjectAnnotation
                {
                    Label = box.Label,
                    Box = kept,
                    Id = box.Id ?? ++boxId,
                    Area = box.Area ?? (double)kept.Width * kept.Height,
                    IsCrowd = box.IsCrowd,
                    IsIgnored = box.IsIgnored,
                    IsDifficult = box.IsDifficult,
                    SideBlur = box.SideBlur,
                });
            }
        }

        return new DatasetImage
        {
            Id = draft.Id ?? number,
            FileName = draft.FileName,
            Path = draft.Path,
            Width = size.Width,
            Height = size.Height,
            Orientation = orientation,
            Split = draft.Split,
            Objects = objects,
        };
    }
}
