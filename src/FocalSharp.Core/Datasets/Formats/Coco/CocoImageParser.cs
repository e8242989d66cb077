using System.Text.Json;
using FocalSharp.IO;
using static FocalSharp.Datasets.Formats.Coco.CocoValues;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Reads the entries of <c>images</c>.</summary>
internal static class CocoImageParser
{
    /// <summary>Reads an entry and adds it, with the annotations that are nested in it.</summary>
    /// <param name="json">The tokens, at the start of the object.</param>
    /// <param name="file">Receives the entry.</param>
    /// <param name="key">The entry's key, if the list is an object.</param>
    /// <param name="first">Whether this is the first entry, whose keys are recorded for messages.</param>
    public static void Read(ref JsonTokenStream json, CocoFile file, string? key, bool first)
    {
        CocoImage image = new(null, null, double.NaN, double.NaN);
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            AddKey(json, file, CocoKeys.Images, first);
            string? meant = GetExactImageKey(json);
            if (meant is null && CocoKeys.IsAnnotationList(json.ReadName()))
            {
                ReadNested(ref json, file);
                continue;
            }

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

    private static bool IsMissing(in CocoImage image, string key) => key switch
    {
        "id" => image.Id is null,
        "file_name" => image.FileName is null,
        "width" => double.IsNaN(image.Width),
        _ => double.IsNaN(image.Height),
    };

    private static void ReadNested(ref JsonTokenStream json, CocoFile file)
    {
        json.Next();
        if (json.Type != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
        {
            if (json.Type == JsonTokenType.StartObject)
            {
                file.Nested.Add((file.Images.Count, CocoAnnotationParser.Read(ref json, file, first: file.Nested.Count == 0)));
            }
            else
            {
                json.Skip();
            }
        }
    }
}
