using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Reads the three lists of a COCO file in one pass, in any order.</summary>
internal static class CocoParser
{
    /// <summary>The key of <see cref="ObjectAnnotation.SideBlur"/>: left, top, right, bottom in pixels.</summary>
    public const string SideBlurKey = "focalsharp_side_blur";

    /// <param name="json">The tokens, at the start of the object.</param>
    /// <param name="file">Receives the element.</param>
    /// <param name="key">The element's key, if the list is an object; it is the id of an element without one.</param>
    /// <param name="first">Whether this is the first element, whose keys are recorded for messages.</param>
    private delegate void ReadElement(ref JsonTokenStream json, CocoFile file, string? key, bool first);

    /// <exception cref="JsonException">The file is not JSON.</exception>
    public static CocoFile Parse(Stream stream)
    {
        try
        {
            return ParseRoot(stream);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            // Invalid UTF-8, or half a surrogate pair in a string.
            throw new JsonException(exception.Message, exception);
        }
    }

    private static CocoFile ParseRoot(Stream stream)
    {
        CocoFile file = new();
        JsonTokenStream json = new(stream);
        json.Next();
        file.IsObject = json.Type == JsonTokenType.StartObject;
        if (!file.IsObject)
        {
            // Another kind of JSON, such as a list of results.
            json.Skip();
            return file;
        }

        CocoFile near = new() { ImageIds = file.ImageIds, CategoryIds = file.CategoryIds, Deviations = file.Deviations };
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            string key = json.ReadName();
            file.Deviations.AddKey("", key);
            if (key is CocoKeys.Images or CocoKeys.Annotations or CocoKeys.Categories)
            {
                ReadRootList(ref json, file, key);
            }
            else if (CocoKeys.GetRoot(key) is { } meant && !file.Has(meant) && !near.Has(meant))
            {
                near.Spellings[meant] = key;
                ReadRootList(ref json, near, meant);
            }
            else
            {
                json.Next();
                json.Skip();
            }
        }

        file.AddMissing(near);

        // Throws if anything follows the root object.
        json.Read();
        file.ResolveTextIds();
        return file;
    }

    private static void ReadRootList(ref JsonTokenStream json, CocoFile file, string list)
    {
        switch (list)
        {
            case CocoKeys.Images:
                file.HasImages |= ReadList(ref json, file, list, ReadImage);
                break;
            case CocoKeys.Annotations:
                file.HasAnnotations |= ReadList(ref json, file, list, ReadAnnotation);
                break;
            default:
                file.HasCategories |= ReadList(ref json, file, list, ReadCategory);
                break;
        }
    }

    private static bool ReadList(ref JsonTokenStream json, CocoFile file, string name, ReadElement read)
    {
        json.Next();
        if (json.Type == JsonTokenType.StartObject)
        {
            bool hasElements = ReadValues(ref json, file, name, read);
            if (hasElements)
            {
                file.Deviations.AddObject(name);
            }
            else
            {
                file.Deviations.AddWrongType(name, "an object without elements");
            }

            return hasElements;
        }

        if (json.Type != JsonTokenType.StartArray)
        {
            file.Deviations.AddWrongType(name, DescribeType(json.Type));
            return false;
        }

        int index = 0;
        for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
        {
            if (json.Type == JsonTokenType.StartObject)
            {
                read(ref json, file, null, index == 0);
            }
            else
            {
                file.Malformed.Add($"{name} element {index}");
                json.Skip();
            }

            index++;
        }

        return true;
    }

    // An object from id to element, or from category id to name. Values of another kind are those of a single element, as other formats have.
    private static bool ReadValues(ref JsonTokenStream json, CocoFile file, string name, ReadElement read)
    {
        int elements = 0;
        List<string> malformed = [];
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            string key = json.ReadName();
            json.Next();
            if (json.Type == JsonTokenType.StartObject)
            {
                read(ref json, file, key, elements++ == 0);
            }
            else if (name == CocoKeys.Categories && json.Type == JsonTokenType.String)
            {
                file.Categories.Add(new CocoCategory(CocoFile.ParseId(key) ?? (key.Length == 0 ? null : file.CategoryIds.Add(key)), json.ReadText()));
                elements++;
            }
            else
            {
                malformed.Add($"{name} value '{Reading.ProblemLog.Sanitize(key)}'");
                json.Skip();
            }
        }

        file.Malformed.AddRange(elements > 0 ? malformed : []);
        return elements > 0;
    }

    private static string DescribeType(JsonTokenType type) => type switch
    {
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };

    private static void ReadImage(ref JsonTokenStream json, CocoFile file, string? key, bool first)
    {
        CocoImage image = new(null, null, double.NaN, double.NaN);
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            AddKey(json, file, CocoKeys.Images, first);
            string? meant = GetExactImageKey(json);
            if (meant is null && CocoKeys.GetKey(CocoKeys.Images, json.ReadName()) is { } near && IsMissing(image, near))
            {
                file.Deviations.AddRenamed(CocoKeys.Images, json.ReadName(), near);
                meant = near;
            }

            image = meant is null ? SkipProperty(ref json, image) : ReadImageValue(ref json, file, image, meant);
        }

        file.Images.Add(image.Id is null && key is not null ? image with { Id = ParseKey(key, file.ImageIds) } : image);
    }

    private static string? GetExactImageKey(in JsonTokenStream json) =>
        json.Is("id"u8) ? "id"
        : json.Is("file_name"u8) ? "file_name"
        : json.Is("width"u8) ? "width"
        : json.Is("height"u8) ? "height"
        : json.Is("split"u8) ? "split"
        : json.Is("neg_category_ids"u8) ? "neg_category_ids"
        : json.Is("not_exhaustive_category_ids"u8) ? "not_exhaustive_category_ids"
        : null;

    private static CocoImage ReadImageValue(ref JsonTokenStream json, CocoFile file, CocoImage image, string key)
    {
        switch (key)
        {
            case "neg_category_ids":
                return image with { NegativeCategories = ReadIntegers(ref json) };
            case "not_exhaustive_category_ids":
                return image with { NotExhaustiveCategories = ReadIntegers(ref json) };
        }

        json.Next();
        return key switch
        {
            "id" => image with { Id = ReadId(ref json, file.ImageIds) ?? image.Id },
            "file_name" => image with { FileName = json.ReadText() ?? image.FileName },
            "width" => image with { Width = json.ReadNumber() },
            "height" => image with { Height = json.ReadNumber() },
            _ => image with { Split = json.ReadText() },
        };
    }

    private static void ReadCategory(ref JsonTokenStream json, CocoFile file, string? key, bool first)
    {
        CocoCategory category = default;
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            AddKey(json, file, CocoKeys.Categories, first);
            string? meant = json.Is("id"u8) ? "id" : json.Is("name"u8) ? "name" : json.Is("frequency"u8) ? "frequency" : null;
            if (meant is null && CocoKeys.GetKey(CocoKeys.Categories, json.ReadName()) is { } near && (near == "id" ? category.Id is null : category.Name is null))
            {
                file.Deviations.AddRenamed(CocoKeys.Categories, json.ReadName(), near);
                meant = near;
            }

            json.Next();
            switch (meant)
            {
                case "id":
                    category = category with { Id = ReadId(ref json, file.CategoryIds) ?? category.Id };
                    break;
                case "name":
                    category = category with { Name = json.ReadText() ?? category.Name };
                    break;
                case "frequency":
                    category = category with { Frequency = json.ReadText() };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        file.Categories.Add(category.Id is null && key is not null ? category with { Id = ParseKey(key, file.CategoryIds) } : category);
    }

    private static void ReadAnnotation(ref JsonTokenStream json, CocoFile file, string? key, bool first)
    {
        CocoAnnotation annotation = new() { Area = double.NaN };
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            AddKey(json, file, CocoKeys.Annotations, first);
            annotation = ReadAnnotationProperty(ref json, annotation, file);
        }

        // A segmentation matters only where there is no box; a million of them would double the memory.
        annotation = annotation.Numbers == 4 ? annotation with { Segmentation = null } : annotation;
        file.Annotations.Add(annotation.Id is null && key is not null ? annotation with { Id = CocoFile.ParseId(key) } : annotation);
    }

    private static CocoAnnotation ReadAnnotationProperty(ref JsonTokenStream json, CocoAnnotation annotation, CocoFile file)
    {
        if (GetExactAnnotationKey(json) is { } exact)
        {
            return ReadAnnotationValue(ref json, annotation, file, exact);
        }

        if (json.Is("segmentation"u8))
        {
            return annotation with { Segmentation = annotation.Numbers == 4 ? SkipValue(ref json) : CocoSegmentationParser.Read(ref json) };
        }

        if (json.Is("attributes"u8))
        {
            return annotation with { Rotation = ReadRotation(ref json) };
        }

        if (json.Is("area"u8))
        {
            json.Next();
            return annotation with { Area = json.ReadNumber() };
        }

        if (json.Is("iscrowd"u8))
        {
            return annotation with { IsCrowd = ReadFlag(ref json) };
        }

        // Open Images' name for a box around a group.
        if (json.Is("isgroupof"u8) || json.Is("is_group_of"u8))
        {
            return annotation with { IsCrowd = annotation.IsCrowd | ReadFlag(ref json) };
        }

        if (json.Is("ignore"u8))
        {
            return annotation with { IsIgnored = ReadFlag(ref json) };
        }

        if (json.Is("difficult"u8))
        {
            return annotation with { IsDifficult = ReadFlag(ref json) };
        }

        if (json.Is("focalsharp_side_blur"u8))
        {
            (int count, double left, double top, double right, double bottom) = ReadFourNumbers(ref json);
            SideValues blur = new((float)left, (float)top, (float)right, (float)bottom);
            bool valid = count == 4 && float.IsFinite(blur.Left + blur.Top + blur.Right + blur.Bottom);
            return annotation with { SideBlur = valid ? blur : null };
        }

        if (CocoKeys.GetKey(CocoKeys.Annotations, json.ReadName()) is { } near && IsMissing(annotation, near))
        {
            file.Deviations.AddRenamed(CocoKeys.Annotations, json.ReadName(), near);
            return ReadAnnotationValue(ref json, annotation, file, near);
        }

        return SkipProperty(ref json, annotation);
    }

    private static string? GetExactAnnotationKey(in JsonTokenStream json) =>
        json.Is("id"u8) ? "id"
        : json.Is("image_id"u8) ? "image_id"
        : json.Is("category_id"u8) ? "category_id"
        : json.Is("bbox"u8) ? "bbox"
        : null;

    // Another spelling counts only while the key itself has not been read, and is overwritten by it.
    private static bool IsMissing(in CocoAnnotation annotation, string key) => key switch
    {
        "id" => annotation.Id is null,
        "image_id" => annotation.ImageId is null,
        "category_id" => annotation.CategoryId is null,
        _ => annotation.Numbers == 0,
    };

    private static bool IsMissing(in CocoImage image, string key) => key switch
    {
        "id" => image.Id is null,
        "file_name" => image.FileName is null,
        "width" => double.IsNaN(image.Width),
        _ => double.IsNaN(image.Height),
    };

    private static CocoAnnotation ReadAnnotationValue(ref JsonTokenStream json, CocoAnnotation annotation, CocoFile file, string key)
    {
        if (key == "bbox")
        {
            (int count, double x, double y, double width, double height) = ReadFourNumbers(ref json);
            return annotation with { Numbers = count, X = x, Y = y, Width = width, Height = height };
        }

        json.Next();
        return key switch
        {
            "id" => annotation with { Id = json.ReadInteger() ?? annotation.Id },
            "image_id" => annotation with { ImageId = ReadId(ref json, file.ImageIds) ?? annotation.ImageId },
            _ => annotation with { CategoryId = ReadId(ref json, file.CategoryIds) ?? annotation.CategoryId },
        };
    }

    private static void AddKey(in JsonTokenStream json, CocoFile file, string list, bool first)
    {
        if (first)
        {
            file.Deviations.AddKey(list, json.ReadName());
        }
    }

    private static T SkipProperty<T>(ref JsonTokenStream json, T unchanged)
    {
        json.Next();
        json.Skip();
        return unchanged;
    }

    private static long? ParseKey(string key, TextIds ids) => CocoFile.ParseId(key) ?? (key.Length == 0 ? null : ids.Add(key));

    private static CocoSegmentation? SkipValue(ref JsonTokenStream json)
    {
        json.Next();
        json.Skip();
        return null;
    }

    private static double ReadRotation(ref JsonTokenStream json)
    {
        json.Next();
        double rotation = 0;
        if (json.Type != JsonTokenType.StartObject)
        {
            json.Skip();
            return rotation;
        }

        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            bool isRotation = json.Is("rotation"u8);
            json.Next();
            if (isRotation)
            {
                rotation = json.ReadNumber();
            }
            else
            {
                json.Skip();
            }
        }

        return double.IsFinite(rotation) ? rotation : 0;
    }

    private static long? ReadId(ref JsonTokenStream json, TextIds ids)
    {
        if (json.Type != JsonTokenType.String)
        {
            return json.ReadInteger();
        }

        string text = json.ReadText()!;
        return CocoFile.ParseId(text) ?? (text.Length == 0 ? null : ids.Add(text));
    }

    private static int[]? ReadIntegers(ref JsonTokenStream json)
    {
        json.Next();
        if (json.Type != JsonTokenType.StartArray)
        {
            json.Skip();
            return null;
        }

        List<int> values = [];
        for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
        {
            if (json.ReadInteger() is { } value and >= int.MinValue and <= int.MaxValue)
            {
                values.Add((int)value);
            }
        }

        return [.. values];
    }

    private static bool ReadFlag(ref JsonTokenStream json)
    {
        json.Next();
        return json.ReadNumber() is not (0 or double.NaN);
    }

    private static (int Count, double A, double B, double C, double D) ReadFourNumbers(ref JsonTokenStream json)
    {
        json.Next();
        if (json.Type != JsonTokenType.StartArray)
        {
            json.Skip();
            return default;
        }

        Span<double> numbers = stackalloc double[4];
        numbers.Clear();
        int count = 0;
        for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
        {
            double value = json.ReadNumber();
            if (count < 4)
            {
                numbers[count] = value;
            }

            count++;
        }

        return (count, numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
