using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.IO;
using static FocalSharp.Datasets.Formats.Coco.CocoValues;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Reads annotations, the entries of <c>annotations</c> or those nested in an image.</summary>
internal static class CocoAnnotationParser
{
    /// <summary>Reads an annotation.</summary>
    /// <param name="json">The tokens, at the start of the object.</param>
    /// <param name="file">Receives text ids and deviations.</param>
    /// <param name="first">Whether this is the first entry, whose keys are recorded for messages.</param>
    public static CocoAnnotation Read(ref JsonTokenStream json, CocoFile file, bool first)
    {
        CocoAnnotation annotation = new() { Area = double.NaN };
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            AddKey(json, file, CocoKeys.Annotations, first);
            annotation = ReadAnnotationProperty(ref json, annotation, file);
        }

        // A segmentation matters only where there is no box; a million of them would double the memory.
        return annotation.Numbers == 4 ? annotation with { Segmentation = null } : annotation;
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
}
