namespace FocalSharp.Evaluation.Coco;

/// <summary>Reads COCO results files in one pass.</summary>
internal static class CocoResultsReader
{
    public static CocoResults Read(ref CocoJsonCursor cursor)
    {
        cursor.BeginArray("the root of a results file (one {\"image_id\", \"category_id\", \"bbox\", \"score\"} per detection)");
        List<CocoResult> entries = [];
        cursor.List = string.Empty;
        while (cursor.NextElement())
        {
            entries.Add(ReadEntry(ref cursor));
            cursor.Entry++;
        }

        cursor.List = null;
        cursor.End();
        return new CocoResults(cursor.Path, entries);
    }

    private static CocoResult ReadEntry(ref CocoJsonCursor cursor)
    {
        cursor.RequireObject();
        long? image = null;
        int? category = null;
        double? score = null;
        CocoBox? box = null;
        while (cursor.NextProperty())
        {
            if (cursor.Is("image_id"u8))
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
            else if (cursor.Is("score"u8))
            {
                score = cursor.ReadNumber("score");
            }
            else
            {
                cursor.Skip();
            }
        }

        if (image is null || category is null || box is null || score is null)
        {
            string missing = image is null ? "image_id" : category is null ? "category_id" : box is null ? "bbox" : "score";
            throw cursor.CreateError(
                $"'{missing}' is missing; each result needs image_id, category_id, bbox [x, y, width, " +
                "height] and score");
        }

        return new CocoResult(image.Value, category.Value, box.Value, score.Value);
    }
}
