using System.Text.Json;
using FocalSharp.IO;
using static FocalSharp.Datasets.Formats.Coco.CocoValues;

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
        file.AddNested();
        file.ResolveTextIds();
        return file;
    }

    private static void ReadRootList(ref JsonTokenStream json, CocoFile file, string list)
    {
        switch (list)
        {
            case CocoKeys.Images:
                file.HasImages |= ReadList(ref json, file, list, CocoImageParser.Read);
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
            else if (name == CocoKeys.Categories && json.Type == JsonTokenType.String)
            {
                AddName(file, json.ReadText()!);
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

    // A list of names has no ids: only annotations that name their class can be matched.
    private static void AddName(CocoFile file, string name)
    {
        file.Deviations.AddNote("'categories' is a list of names without ids; annotations are matched by name", """write an object {"id": 1, "name": "…"} for each""");
        file.Categories.Add(new CocoCategory(ParseKey(name, file.CategoryIds), name));
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

    private static void ReadAnnotation(ref JsonTokenStream json, CocoFile file, string? key, bool first)
    {
        CocoAnnotation annotation = CocoAnnotationParser.Read(ref json, file, first);
        file.Annotations.Add(annotation.Id is null && key is not null ? annotation with { Id = CocoFile.ParseId(key) } : annotation);
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
}
