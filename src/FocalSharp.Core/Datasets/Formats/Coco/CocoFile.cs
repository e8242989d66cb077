using System.Globalization;
using FocalSharp.Boxes;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>
/// The contents of a COCO file, not yet validated. Of segmentations only the enclosing box is read; other keys are skipped.
/// </summary>
internal sealed class CocoFile
{
    public List<CocoImage> Images { get; } = [];

    public List<CocoAnnotation> Annotations { get; } = [];

    public List<CocoCategory> Categories { get; } = [];

    /// <summary>Gets the annotations nested in entries of <c>images</c>, with the position of the entry.</summary>
    public List<(int Image, CocoAnnotation Annotation)> Nested { get; } = [];

    /// <summary>Gets the elements of the three lists that are not objects, for example "images element 4".</summary>
    public List<string> Malformed { get; } = [];

    /// <summary>Gets how the file departs from the format.</summary>
    public CocoDeviations Deviations { get; init; } = new();

    /// <summary>Gets the similar names under which lists were read.</summary>
    public Dictionary<string, string> Spellings { get; } = [];

    /// <summary>Gets or sets whether the file has a list of images.</summary>
    public bool HasImages { get; set; }

    /// <summary>Gets or sets whether the file has a list of annotations.</summary>
    public bool HasAnnotations { get; set; }

    /// <summary>Gets or sets whether the file has a list of categories.</summary>
    public bool HasCategories { get; set; }

    /// <summary>Gets whether the file has a list of annotations or of categories.</summary>
    public bool HasLabels => HasAnnotations || HasCategories;

    /// <summary>Gets or sets whether the root of the file is an object.</summary>
    public bool IsObject { get; set; }

    /// <summary>Gets the image ids that are text.</summary>
    public TextIds ImageIds { get; init; } = new();

    /// <summary>Gets the category ids that are text.</summary>
    public TextIds CategoryIds { get; init; } = new();

    /// <summary>Returns the integer that a text contains, such as <c>12</c> or <c>12.0</c>; null for other text.</summary>
    public static long? ParseId(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long exact))
        {
            return exact;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && Math.Abs(value) <= 1L << 53 && Math.Floor(value) == value ? (long)value : null;
    }

    /// <summary>Returns whether the file has a list.</summary>
    public bool Has(string list) => list switch
    {
        CocoKeys.Images => HasImages,
        CocoKeys.Annotations => HasAnnotations,
        _ => HasCategories,
    };

    /// <summary>Adds the lists that this file lacks and another one has, which was read under similar names.</summary>
    public void AddMissing(CocoFile near)
    {
        foreach ((string list, string spelling) in near.Spellings.Where(pair => near.Has(pair.Key) && !Has(pair.Key)).ToArray())
        {
            Deviations.AddRenamed("", spelling, list);
            switch (list)
            {
                case CocoKeys.Images:
                    HasImages = true;
                    Images.AddRange(near.Images);
                    Nested.AddRange(near.Nested);
                    break;
                case CocoKeys.Annotations:
                    HasAnnotations = true;
                    Annotations.AddRange(near.Annotations);
                    break;
                default:
                    HasCategories = true;
                    Categories.AddRange(near.Categories);
                    break;
            }
        }

        Malformed.AddRange(near.Malformed);
    }

    /// <summary>Adds the annotations nested in images, unless the file lists annotations as COCO does.</summary>
    public void AddNested()
    {
        if (Nested.Count == 0)
        {
            return;
        }

        if (Annotations.Count > 0)
        {
            Deviations.AddNote(
                string.Create(CultureInfo.InvariantCulture, $"the {Nested.Count} annotations inside entries of 'images' are left out, because 'annotations' lists others"),
                "write all of them to 'annotations'");
            return;
        }

        Deviations.AddNote("annotations inside entries of 'images' are read", "write them to 'annotations'");
        Annotations.AddRange(Nested.Select(nested => nested.Annotation with { ImageId = nested.Annotation.ImageId ?? Images[nested.Image].Id }));
        HasAnnotations = true;
    }

    /// <summary>Replaces text ids by numbers that the file does not use: 1, 2, … in file order if all ids are text.</summary>
    public void ResolveTextIds()
    {
        if (ImageIds.Resolve(Images.Select(image => image.Id), Annotations.Select(annotation => annotation.ImageId)) is { } images)
        {
            Replace(Images, image => image with { Id = Map(images, image.Id) });
            Replace(Annotations, annotation => annotation with { ImageId = Map(images, annotation.ImageId) });
        }

        if (CategoryIds.Resolve(Categories.Select(category => category.Id), Annotations.Select(annotation => annotation.CategoryId)) is not { } categories)
        {
            return;
        }

        Replace(Categories, category => category with { Id = Map(categories, category.Id) });
        if (CategoryIds.ResolveNames(categories, Categories))
        {
            Deviations.AddNote("category ids that are class names are matched by name", "write the ids of 'categories'");
        }

        Replace(Annotations, annotation => annotation with { CategoryId = Map(categories, annotation.CategoryId) });

        // An annotation's id that no image or category has stays unknown.
        static long? Map(Dictionary<long, long> ids, long? id) =>
            id is not { } known ? null : ids.TryGetValue(known, out long number) ? number : TextIds.IsText(known) ? null : known;
    }

    private static void Replace<T>(List<T> items, Func<T, T> replace)
    {
        for (int i = 0; i < items.Count; i++)
        {
            items[i] = replace(items[i]);
        }
    }
}

/// <summary>An entry of <c>images</c>.</summary>
internal readonly record struct CocoImage(long? Id, string? FileName, double Width, double Height)
{
    /// <summary>Gets the split that the entry states, which some exports add; null if it states none.</summary>
    public string? Split { get; init; }

    /// <summary>Gets the categories that are verified to be absent (LVIS); null if the file does not state them.</summary>
    public int[]? NegativeCategories { get; init; }

    /// <summary>Gets the categories whose objects are not all annotated (LVIS); null if the file does not state them.</summary>
    public int[]? NotExhaustiveCategories { get; init; }
}

/// <summary>An entry of <c>categories</c>.</summary>
internal readonly record struct CocoCategory(long? Id, string? Name)
{
    /// <summary>Gets how many images have the category in LVIS: r (rare), c (common) or f (frequent).</summary>
    public string? Frequency { get; init; }
}

/// <summary>The box around a segmentation.</summary>
/// <param name="Box">The box.</param>
/// <param name="IsMask">Whether it is a run-length encoded mask rather than polygons.</param>
internal sealed record CocoSegmentation(EnclosingBox Box, bool IsMask);

/// <summary>An entry of <c>annotations</c>.</summary>
internal readonly record struct CocoAnnotation
{
    public long? Id { get; init; }

    public long? ImageId { get; init; }

    public long? CategoryId { get; init; }

    /// <summary>Gets the count of numbers in <c>bbox</c>; 4 if it is valid.</summary>
    public int Numbers { get; init; }

    public double X { get; init; }

    public double Y { get; init; }

    public double Width { get; init; }

    public double Height { get; init; }

    /// <summary>Gets the area, or NaN if there is none.</summary>
    public double Area { get; init; }

    /// <summary>Gets the box around <c>segmentation</c>; without points if there is none.</summary>
    public CocoSegmentation? Segmentation { get; init; }

    /// <summary>Gets the clockwise rotation of <c>bbox</c> in degrees, an attribute that CVAT and Datumaro write.</summary>
    public double Rotation { get; init; }

    public bool IsCrowd { get; init; }

    public bool IsIgnored { get; init; }

    public bool IsDifficult { get; init; }

    public SideValues? SideBlur { get; init; }
}
