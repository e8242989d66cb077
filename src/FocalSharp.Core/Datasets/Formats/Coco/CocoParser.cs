using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Reads the three lists of a COCO file in one pass, in any order.</summary>
internal static class CocoParser
{
    /// <summary>The key of <see cref="ObjectAnnotation.SideBlur"/>: left, top, right, bottom in pixels.</summary>
    public const string SideBlurKey = "focalsharp_side_blur";

    private delegate void ReadElement(ref JsonTokenStream json, CocoFile file);

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

        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            if (json.Is("images"u8))
            {
                file.HasImages = ReadList(ref json, file, "images", ReadImage);
            }
            else if (json.Is("annotations"u8))
            {
                file.HasAnnotations |= ReadList(ref json, file, "annotations", ReadAnnotation);
            }
            else if (json.Is("categories"u8))
            {
                file.HasCategories |= ReadList(ref json, file, "categories", ReadCategory);
            }
            else
            {
                json.Next();
                json.Skip();
            }
        }

        // Throws if anything follows the root object.
        json.Read();
        file.ResolveTextIds();
        return file;
    }

    private static bool ReadList(ref JsonTokenStream json, CocoFile file, string name, ReadElement read)
    {
        json.Next();
        if (json.Type != JsonTokenType.StartArray)
        {
            json.Skip();
            return false;
        }

        int index = 0;
        for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
        {
            if (json.Type == JsonTokenType.StartObject)
            {
                read(ref json, file);
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

    private static void ReadImage(ref JsonTokenStream json, CocoFile file)
    {
        CocoImage image = new(null, null, double.NaN, double.NaN);
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            if (json.Is("id"u8))
            {
                json.Next();
                image = image with { Id = ReadId(ref json, file.ImageIds) };
            }
            else if (json.Is("neg_category_ids"u8))
            {
                image = image with { NegativeCategories = ReadIntegers(ref json) };
            }
            else if (json.Is("not_exhaustive_category_ids"u8))
            {
                image = image with { NotExhaustiveCategories = ReadIntegers(ref json) };
            }
            else if (json.Is("file_name"u8))
            {
                json.Next();
                image = image with { FileName = json.ReadText() };
            }
            else if (json.Is("width"u8))
            {
                json.Next();
                image = image with { Width = json.ReadNumber() };
            }
            else if (json.Is("height"u8))
            {
                json.Next();
                image = image with { Height = json.ReadNumber() };
            }
            else
            {
                json.Next();
                json.Skip();
            }
        }

        file.Images.Add(image);
    }

    private static void ReadCategory(ref JsonTokenStream json, CocoFile file)
    {
        CocoCategory category = default;
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            bool isId = json.Is("id"u8);
            bool isName = json.Is("name"u8);
            bool isFrequency = json.Is("frequency"u8);
            json.Next();
            if (isId)
            {
                category = category with { Id = ReadId(ref json, file.CategoryIds) };
            }
            else if (isFrequency)
            {
                category = category with { Frequency = json.ReadText() };
            }
            else if (isName)
            {
                category = category with { Name = json.ReadText() };
            }
            else
            {
                json.Skip();
            }
        }

        file.Categories.Add(category);
    }

    private static void ReadAnnotation(ref JsonTokenStream json, CocoFile file)
    {
        CocoAnnotation annotation = new() { Area = double.NaN };
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            annotation = ReadAnnotationProperty(ref json, annotation, file);
        }

        // A segmentation matters only where there is no box; a million of them would double the memory.
        file.Annotations.Add(annotation.Numbers == 4 ? annotation with { Segmentation = null } : annotation);
    }

    private static CocoAnnotation ReadAnnotationProperty(ref JsonTokenStream json, CocoAnnotation annotation, CocoFile file)
    {
        if (json.Is("id"u8))
        {
            json.Next();
            return annotation with { Id = json.ReadInteger() };
        }

        if (json.Is("image_id"u8))
        {
            json.Next();
            return annotation with { ImageId = ReadId(ref json, file.ImageIds) };
        }

        if (json.Is("category_id"u8))
        {
            json.Next();
            return annotation with { CategoryId = ReadId(ref json, file.CategoryIds) };
        }

        if (json.Is("bbox"u8))
        {
            (int count, double x, double y, double width, double height) = ReadFourNumbers(ref json);
            return annotation with { Numbers = count, X = x, Y = y, Width = width, Height = height };
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

        json.Next();
        json.Skip();
        return annotation;
    }

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
