using System.Collections.Frozen;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>The keys of a COCO file, and the spellings of them that other tools write.</summary>
internal static class CocoKeys
{
    public const string Images = "images";
    public const string Annotations = "annotations";
    public const string Categories = "categories";

    /// <summary>The keys that an element of each list needs, for messages.</summary>
    public static readonly FrozenDictionary<string, string[]> Expected = new Dictionary<string, string[]>
    {
        [Images] = ["id", "file_name"],
        [Annotations] = ["image_id", "category_id", "bbox"],
        [Categories] = ["id", "name"],
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Roots = Create(
        (Images, "image imgs img imagelist image_list imageinfo"),
        (Annotations, "annotation annots annot annos anno anns ann annotationlist annotation_list"),
        (Categories, "category cats cat categorylist category_list"));

    private static readonly FrozenDictionary<string, string> ImageKeys = Create(
        ("id", "image_id imageid img_id imgid"),
        ("file_name", "filename file_names filenames name file path file_path filepath image_name imagename image_path imagepath img_name img_path image"),
        ("width", "w image_width imagewidth img_width"),
        ("height", "h image_height imageheight img_height"));

    private static readonly FrozenDictionary<string, string> AnnotationKeys = Create(
        ("id", "annotation_id annotationid ann_id"),
        ("image_id", "imageid img_id imgid image"),
        ("category_id", "categoryid cat_id catid class_id classid label_id labelid category"),
        ("bbox", "box bndbox bounding_box boundingbox bboxes"));

    private static readonly FrozenDictionary<string, string> CategoryKeys = Create(
        ("id", "category_id categoryid cat_id class_id classid"),
        ("name", "category_name categoryname class_name classname label title category"));

    /// <summary>Returns the list that a key of the root means, or null.</summary>
    public static string? GetRoot(string key) => Roots.TryGetValue(key, out string? known) ? known : Suggestions.Closest(key, [Images, Annotations, Categories]);

    /// <summary>Returns whether a key of an image means the list of its annotations.</summary>
    public static bool IsAnnotationList(string key) => Roots.GetValueOrDefault(key) == Annotations;

    /// <summary>Returns the key of an element that another spelling means, or null.</summary>
    /// <param name="list">The list of the element.</param>
    /// <param name="key">The spelling.</param>
    public static string? GetKey(string list, string key) => (list switch
    {
        Images => ImageKeys,
        Annotations => AnnotationKeys,
        _ => CategoryKeys,
    }).GetValueOrDefault(key);

    private static FrozenDictionary<string, string> Create(params ReadOnlySpan<(string Key, string Spellings)> keys)
    {
        Dictionary<string, string> spellings = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string others) in keys)
        {
            spellings.TryAdd(key, key); // in another case
            foreach (string other in others.Split(' '))
            {
                spellings.TryAdd(other, key);
            }
        }

        return spellings.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
