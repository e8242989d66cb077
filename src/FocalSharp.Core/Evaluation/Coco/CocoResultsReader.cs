using FocalSharp.Datasets.Formats.Coco;

namespace FocalSharp.Evaluation.Coco;

/// <summary>Reads COCO results files in one pass.</summary>
internal static class CocoResultsReader
{
    public static RawResults Read(ref CocoJsonCursor cursor)
    {
        cursor.BeginArray("the root of a results file (one {\"image_id\", \"category_id\", \"bbox\", \"score\"} per detection)");
        List<RawResult> entries = [];
        TextTable texts = new();
        cursor.List = string.Empty;
        while (cursor.NextElement())
        {
            entries.Add(ReadEntry(ref cursor, texts));
            cursor.Entry++;
        }

        cursor.List = null;
        cursor.End();
        return new RawResults(cursor.Path, [.. entries], texts.Texts);
    }

    private static RawResult ReadEntry(ref CocoJsonCursor cursor, TextTable texts)
    {
        cursor.RequireObject();
        long? image = null;
        string? imageText = null;
        string? file = null;
        int? category = null;
        string? categoryName = null;
        double? score = null;
        CocoBox? box = null;
        while (cursor.NextProperty())
        {
            if (cursor.Is("image_id"u8))
            {
                (image, imageText) = cursor.ReadIntegerOrText("image_id");
            }
            else if (cursor.Is("file_name"u8))
            {
                file = cursor.ReadText();
            }
            else if (cursor.Is("category_id"u8))
            {
                (category, string? text) = ReadCategory(ref cursor);
                categoryName ??= text;
            }
            else if (cursor.Is("category_name"u8))
            {
                categoryName = cursor.ReadText();
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

        bool hasImage = image is not null || imageText is not null || file is not null;
        bool hasCategory = category is not null || categoryName is not null;
        if (!hasImage || !hasCategory || box is null || score is null)
        {
            string missing = !hasImage ? "image_id" : !hasCategory ? "category_id" : box is null ? "bbox" : "score";
            throw cursor.CreateError(
                $"'{missing}' is missing; each result needs image_id (or file_name), category_id (or category_name), bbox [x, y, width, height] and score");
        }

        if (box is { Width: < 0 } or { Height: < 0 })
        {
            throw cursor.CreateError($"'bbox' has a negative width or height ({box.Value.Width}, {box.Value.Height}); write [x, y, width, height] with x and y of the top left corner");
        }

        return new RawResult
        {
            ImageId = image,
            ImageText = texts.Add(imageText),
            FileName = texts.Add(file),
            CategoryId = category,
            CategoryName = texts.Add(categoryName),
            Box = box.Value,
            Score = score.Value,
        };
    }

    private static (int? Id, string? Name) ReadCategory(ref CocoJsonCursor cursor)
    {
        (long? integer, string? text) = cursor.ReadIntegerOrText("category_id");
        integer ??= text is null ? null : CocoFile.ParseId(text);
        return integer switch
        {
            null => (null, text),
            >= int.MinValue and <= int.MaxValue => ((int)integer, null),
            _ => throw cursor.CreateError($"'category_id' must be an integer of at most 32 bits, but is {integer}"),
        };
    }

    /// <summary>Numbers distinct texts, so that an entry stores no string.</summary>
    private sealed class TextTable
    {
        private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);

        public List<string> Texts { get; } = [];

        public int Add(string? text)
        {
            if (text is null)
            {
                return -1;
            }

            if (!_positions.TryGetValue(text, out int position))
            {
                position = Texts.Count;
                _positions.Add(text, position);
                Texts.Add(text);
            }

            return position;
        }
    }
}
