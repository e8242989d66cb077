using System.Globalization;
using System.Text.Json;
using FocalSharp.Datasets.Formats.Coco;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Reads the parts of a COCO annotation file that evaluation needs, with the parser of the data set reader. Where that skips an entry and
/// reports it, this throws: an object that is silently left out changes AP.
/// </summary>
internal static class CocoGroundTruthReader
{
    public static CocoGroundTruth Read(string path) => CocoFileReader.Open(path, stream =>
    {
        try
        {
            return Create(path, CocoParser.Parse(stream));
        }
        catch (JsonException exception)
        {
            string reason = exception.Message.Split(" LineNumber", 2)[0];
            string place = exception.LineNumber is { } line ? $" (line {line + 1})" : "";
            throw new DatasetException($"{path}: is not valid JSON: {reason}{place}. Export the file again; it may be truncated.", exception) { Path = path };
        }
    });

    private static CocoGroundTruth Create(string path, CocoFile file)
    {
        if (!file.IsObject)
        {
            throw Error(path, "the root of an annotation file must be an object with images, annotations and categories, not a list of results");
        }

        foreach ((string name, bool isRead) in new[] { ("images", file.HasImages), ("categories", file.HasCategories), ("annotations", file.HasAnnotations) })
        {
            if (!isRead)
            {
                throw Error(path, $"'{name}' is missing or not a list. A COCO annotation file for detection has images, annotations and categories");
            }
        }

        if (file.Malformed.Count > 0)
        {
            throw Error(path, $"{file.Malformed[0]} is not an object {{…}}");
        }

        List<CocoImage> images = ReadImages(path, file);
        CocoCategory[] categories = [.. file.Categories.Select((category, i) => CreateCategory(path, i, category))];
        CocoAnnotation[] annotations = CreateAnnotations(path, file);
        RequireKnownCategory(path, categories, annotations);
        return new CocoGroundTruth(path, [.. images.Select(image => image.Id!.Value)], categories, annotations)
        {
            FileNames = [.. images.Select(image => image.FileName)],
            ImageSizes = images.Where(image => image.Width > 0 && image.Height > 0).ToDictionary(image => image.Id!.Value, image => (image.Width, image.Height)),
            TextIds = file.ImageIds.Numbers,
            CategoryTextIds = file.CategoryIds.Numbers.ToDictionary(pair => pair.Key, pair => (int)pair.Value),
            Verifications = CreateVerifications(file),
        };
    }

    // An entry that repeats another one changes nothing; two images of one id would share their objects and detections.
    private static List<CocoImage> ReadImages(string path, CocoFile file)
    {
        Dictionary<long, (int Entry, string? Name)> known = new(file.Images.Count);
        List<CocoImage> images = new(file.Images.Count);
        for (int i = 0; i < file.Images.Count; i++)
        {
            CocoImage image = file.Images[i];
            long id = image.Id ?? throw Error(path, $"images entry {i}: 'id' is missing");
            if (known.TryAdd(id, (i, image.FileName)))
            {
                images.Add(image);
            }
            else if (known[id].Name != image.FileName)
            {
                throw Error(path, $"images entry {i} ('{ProblemLog.Sanitize(image.FileName ?? "")}'): id {id} is that of entry {known[id].Entry} ('{ProblemLog.Sanitize(known[id].Name ?? "")}'). Give each image its own id");
            }
        }

        return images;
    }

    // Objects of a single unknown category are ignored as in the reference; a file of only such objects has no AP.
    private static void RequireKnownCategory(string path, CocoCategory[] categories, CocoAnnotation[] annotations)
    {
        HashSet<int> known = [.. categories.Select(category => category.Id)];
        if (annotations.Length > 0 && !Array.Exists(annotations, annotation => known.Contains(annotation.CategoryId)))
        {
            const int MaxListed = 5;
            string used = string.Join(", ", annotations.Select(annotation => annotation.CategoryId).Distinct().Order().Take(MaxListed));
            throw Error(path, $"none of the {annotations.Length} annotations has a category of 'categories' ({(known.Count == 0 ? "which is empty" : $"ids {string.Join(", ", known.Order().Take(MaxListed))}")}); they have the category ids {used}");
        }
    }

    private static CocoCategory CreateCategory(string path, int entry, in Datasets.Formats.Coco.CocoCategory category)
    {
        long id = category.Id ?? throw Error(path, $"categories entry {entry}: 'id' is missing");
        return id is >= int.MinValue and <= int.MaxValue
            ? new CocoCategory((int)id, category.Name ?? id.ToString(CultureInfo.InvariantCulture)) { Frequency = category.Frequency is [char one] ? one : null }
            : throw Error(path, $"categories entry {entry}: 'id' must be an integer of at most 32 bits, but is {id}");
    }

    private static CocoAnnotation[] CreateAnnotations(string path, CocoFile file)
    {
        HashSet<long> ids = new(file.Annotations.Count);
        CocoAnnotation[] annotations = new CocoAnnotation[file.Annotations.Count];
        for (int i = 0; i < annotations.Length; i++)
        {
            annotations[i] = CreateAnnotation(path, i, file.Annotations[i]);
            if (file.Annotations[i].Id is { } id && !ids.Add(id))
            {
                throw Error(path, $"annotations entry {i}: id {id} is used by an earlier annotation. Give each annotation its own id");
            }
        }

        return annotations;
    }

    private static CocoAnnotation CreateAnnotation(string path, int entry, in Datasets.Formats.Coco.CocoAnnotation annotation)
    {
        if (annotation.ImageId is not { } image || annotation.CategoryId is not { } category || BoxOf(annotation) is not { } box)
        {
            string missing = annotation.ImageId is null ? "'image_id' is missing or names no image"
                : annotation.CategoryId is null ? "'category_id' is missing or names no category"
                : annotation.Numbers == 0 ? "'bbox' is missing" : $"'bbox' has {annotation.Numbers} numbers";
            throw Error(path, $"annotations entry {entry}: {missing}; each annotation needs image_id, category_id and bbox [x, y, width, height]");
        }

        if (!double.IsFinite(box.X + box.Y + box.Width + box.Height))
        {
            throw Error(path, $"annotations entry {entry}: 'bbox' must be four finite numbers");
        }

        // An unknown category is ignored by the evaluation, as in the reference. Annotations without an id get −1.
        int known = category is >= int.MinValue and <= int.MaxValue
            ? (int)category
            : throw Error(path, $"annotations entry {entry}: 'category_id' must be an integer of at most 32 bits, but is {category}");
        double area = double.IsFinite(annotation.Area) ? annotation.Area : box.Area;
        return new CocoAnnotation(annotation.Id ?? -1, image, known, box, area, annotation.IsCrowd) { IsDifficult = annotation.IsDifficult };
    }

    // As the data set reader: the box around a segmentation or a rotated box.
    private static CocoBox? BoxOf(in Datasets.Formats.Coco.CocoAnnotation annotation)
    {
        bool hasBox = annotation.Numbers == 4;
        if (hasBox && annotation.Rotation % 180 == 0)
        {
            return new CocoBox(annotation.X, annotation.Y, annotation.Width, annotation.Height);
        }

        EnclosingBox? enclosing = hasBox
            ? EnclosingBox.FromRotatedRectangle(annotation.X, annotation.Y, annotation.Width, annotation.Height, annotation.Rotation)
            : annotation.Segmentation?.Box;
        return enclosing?.ToRawBox(0, 0) is { } box ? new CocoBox(box.X1, box.Y1, box.X2 - box.X1, box.Y2 - box.Y1) : null;
    }

    private static Dictionary<long, ImageVerification> CreateVerifications(CocoFile file)
    {
        Dictionary<long, ImageVerification> verifications = [];
        foreach (CocoImage image in file.Images)
        {
            if (image.NegativeCategories is not null || image.NotExhaustiveCategories is not null)
            {
                verifications[image.Id!.Value] = new ImageVerification([.. image.NegativeCategories ?? []], [.. image.NotExhaustiveCategories ?? []]);
            }
        }

        return verifications;
    }

    private static DatasetException Error(string path, string what) => new($"{path}: {what}. Fix the file or export it again.") { Path = path };
}
