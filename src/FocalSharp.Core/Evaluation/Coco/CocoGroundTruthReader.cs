using System.Globalization;
using System.Text.Json;

namespace FocalSharp.Evaluation.Coco;

/// <summary>Reads the parts of a COCO annotation file that evaluation needs, in one pass and in any order.</summary>
internal static class CocoGroundTruthReader
{
    public static CocoGroundTruth Read(ref CocoJsonCursor cursor)
    {
        string path = cursor.Path;
        cursor.Read();
        if (cursor.Token != JsonTokenType.StartObject)
        {
            throw cursor.CreateError(
                "the root of an annotation file must be an object with images, annotations and categories, " +
                "not a list of results");
        }

        List<long>? images = null;
        List<CocoCategory>? categories = null;
        List<CocoAnnotation>? annotations = null;
        while (cursor.NextProperty())
        {
            if (cursor.Is("images"u8))
            {
                images = ReadList(ref cursor, "images", ReadImage);
            }
            else if (cursor.Is("categories"u8))
            {
                categories = ReadList(ref cursor, "categories", ReadCategory);
            }
            else if (cursor.Is("annotations"u8))
            {
                annotations = ReadList(ref cursor, "annotations", ReadAnnotation);
            }
            else
            {
                cursor.Skip();
            }
        }

        cursor.End();
        if (images is null || categories is null || annotations is null)
        {
            string missing = images is null ? "images" : categories is null ? "categories" : "annotations";
            throw new DatasetException(
                $"{path}: '{missing}' is missing. A COCO annotation file for detection has images, annotations and categories.")
            { Path = path };
        }

        CheckIds(path, annotations);
        return new CocoGroundTruth(path, images, categories, annotations);
    }

    private delegate T ReadItem<T>(ref CocoJsonCursor cursor);

    private static List<T> ReadList<T>(ref CocoJsonCursor cursor, string name, ReadItem<T> readItem)
    {
        List<T> items = [];
        cursor.BeginArray($"'{name}'");
        cursor.List = name;
        cursor.Entry = 0;
        while (cursor.NextElement())
        {
            cursor.RequireObject();
            items.Add(readItem(ref cursor));
            cursor.Entry++;
        }

        cursor.List = null;
        return items;
    }

    private static long ReadImage(ref CocoJsonCursor cursor)
    {
        long? id = null;
        while (cursor.NextProperty())
        {
            if (cursor.Is("id"u8))
            {
                id = cursor.ReadInteger("id");
            }
            else
            {
                cursor.Skip();
            }
        }

        return id ?? throw cursor.CreateError("'id' is missing");
    }

    private static CocoCategory ReadCategory(ref CocoJsonCursor cursor)
    {
        int? id = null;
        string? name = null;
        while (cursor.NextProperty())
        {
            if (cursor.Is("id"u8))
            {
                id = cursor.ReadCategoryId("id");
            }
            else if (cursor.Is("name"u8))
            {
                name = cursor.ReadText();
            }
            else
            {
                cursor.Skip();
            }
        }

        int known = id ?? throw cursor.CreateError("'id' is missing");
        return new CocoCategory(known, name ?? known.ToString(CultureInfo.InvariantCulture));
    }

    private static CocoAnnotation ReadAnnotation(ref CocoJsonCursor cursor)
    {
        long? id = null;
        long? image = null;
        int? category = null;
        double? area = null;
        bool crowd = false;
        CocoBox? box = null;
        while (cursor.NextProperty())
        {
            if (cursor.Is("id"u8))
            {
                id = cursor.ReadInteger("id");
            }
            else if (cursor.Is("image_id"u8))
            {
                image = cursor.ReadInteger("image_id");
            }
            else if (cursor.Is("category_id"u8))
            {
                category = cursor.ReadCategoryId("category_id");
            }
            else if (cursor.Is("bbox"u8))
            {
                box = cursor.ReadBox("bbox");
            }
            else if (cursor.Is("area"u8))
            {
                area = cursor.ReadNumber("area");
            }
            else if (cursor.Is("iscrowd"u8))
            {
                crowd = cursor.ReadFlag("iscrowd");
            }
            else
            {
                cursor.Skip();
            }
        }

        if (image is null || category is null || box is null)
        {
            string missing = image is null ? "image_id" : category is null ? "category_id" : "bbox";
            throw cursor.CreateError(
                $"'{missing}' is missing; each annotation needs image_id, category_id and bbox [x, y, " +
                "width, height]");
        }

        // Annotations without an id get −1, which never counts as "unmatched".
        return new CocoAnnotation(id ?? -1, image.Value, category.Value, box.Value, area ?? box.Value.Area, crowd);
    }

    private static void CheckIds(string path, List<CocoAnnotation> annotations)
    {
        HashSet<long> ids = new(annotations.Count);
        for (int i = 0; i < annotations.Count; i++)
        {
            if (annotations[i].Id != -1 && !ids.Add(annotations[i].Id))
            {
                throw new DatasetException(
                    $"{path}: annotations entry {i}: id {annotations[i].Id} is used by an earlier annotation. Give each annotation its own id.")
                { Path = path };
            }
        }
    }
}
