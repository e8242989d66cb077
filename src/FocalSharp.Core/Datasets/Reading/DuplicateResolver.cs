using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Resolves image files that are listed more than once: the objects of several annotations of one split are combined, and an image of two
/// splits stays in the evaluation split, because a model must not be trained on the images it is evaluated on.
/// </summary>
internal static class DuplicateResolver
{
    /// <summary>
    /// Returns the images of each split without duplicates. A split whose images are all in another one as well (train and val name one folder)
    /// retains them, because nothing would be left of it; that is reported.
    /// </summary>
    public static List<RawImage> Resolve(RawDataset raw)
    {
        CanonicalPaths paths = new();
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        Dictionary<(int File, DatasetSplit Split), int> places = [];
        List<(RawImage Image, int File)> images = new(raw.Images.Count);
        foreach (RawImage image in raw.Images)
        {
            string path = paths.Get(image.Path);
            if (!numbers.TryGetValue(path, out int file))
            {
                numbers[path] = file = numbers.Count;
            }

            if (places.TryGetValue((file, image.Split), out int at))
            {
                images[at] = (Combine(images[at].Image, image, raw.Log), file);
            }
            else
            {
                places[(file, image.Split)] = images.Count;
                images.Add((image, file));
            }
        }

        return images.Count == numbers.Count ? [.. images.Select(image => image.Image)] : Separate(images, raw);
    }

    // From train to test, so that an image is compared with the splits that take precedence.
    private static List<RawImage> Separate(List<(RawImage Image, int File)> images, RawDataset raw)
    {
        DatasetSplit[][] splitsOf = new DatasetSplit[images.Max(image => image.File) + 1][];
        foreach (IGrouping<int, (RawImage Image, int File)> group in images.GroupBy(image => image.File))
        {
            splitsOf[group.Key] = [.. group.Select(image => image.Image.Split)];
        }

        HashSet<DatasetSplit> shared = [];
        foreach (DatasetSplit split in SplitNames.Named)
        {
            (RawImage Image, int File)[] own = [.. images.Where(image => image.Image.Split == split)];
            if (own.Length > 0 && own.All(image => splitsOf[image.File].Max() > split))
            {
                shared.Add(split);
                string others = string.Join(" and ", own.SelectMany(image => splitsOf[image.File]).Where(other => other > split).Distinct().Order().Select(SplitNames.GetName));
                raw.Log.Add(
                    DatasetProblemKind.SharedSplit,
                    Path.GetFileName(raw.Root.Folder),
                    $"all {own.Length} images of the {SplitNames.GetName(split)} split are also in {others}, so its evaluation says nothing about other images",
                    "evaluate on other images");
            }
        }

        List<RawImage> retained = new(images.Count);
        foreach ((RawImage image, int file) in images)
        {
            DatasetSplit last = splitsOf[file].Max();
            if (image.Split == last || shared.Contains(image.Split))
            {
                retained.Add(image);
            }
            else if (image.Split != DatasetSplit.Unassigned && !SplitNames.IsTrainVal(image.SplitName))
            {
                raw.Log.Add(
                    DatasetProblemKind.DuplicateId,
                    image.File,
                    $"the file is listed twice ({SplitNames.GetName(image.Split)}, {SplitNames.GetName(last)}), assigned to {SplitNames.GetName(last)}",
                    "list each image in one split",
                    image.FileName);
            }
        }

        return retained;
    }

    private static RawImage Combine(RawImage first, RawImage second, ProblemLog log)
    {
        HashSet<(int, double, double, double, double)> known = [.. first.Boxes.Select(GetKey)];
        RawBox[] added = ReferenceEquals(first.Boxes, second.Boxes) ? [] : [.. second.Boxes.Where(box => known.Add(GetKey(box)))];
        if (first.File == second.File || added.Length == 0)
        {
            log.Add(
                DatasetProblemKind.DuplicateId,
                second.File,
                $"the file is listed twice, {(added.Length == 0 ? "the second entry is skipped" : "their objects are combined")}",
                "list each image once",
                second.FileName);
        }
        else
        {
            log.Add(
                DatasetProblemKind.NonStandard,
                second.File,
                $"the image is also annotated in '{ProblemLog.Sanitize(first.File)}', their objects are combined",
                "check that both files belong to the data set",
                second.FileName);
        }

        return added.Length == 0 ? first : first with { Boxes = [.. first.Boxes, .. added] };
    }

    private static (int, double, double, double, double) GetKey(RawBox box) => (box.Label, box.X1, box.Y1, box.X2, box.Y2);
}
