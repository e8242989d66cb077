using System.Text.Encodings.Web;
using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Patching;

/// <summary>The JSON of patches, version 1.</summary>
internal static class LabelPatchJson
{
    /// <summary>The most edits in a file.</summary>
    public const int MaxEdits = 100_000;

    private const string FormatName = "focalsharp-label-patch";
    private const int Version = 1;
    private const long MaxBytes = 32 << 20;
    private const int MaxDepth = 8;
    private const int MaxTextLength = 4096;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileException">The file cannot be read or is not a patch.</exception>
    public static LabelPatch Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new FileException($"{path}: is larger than {MaxBytes >> 20} MiB, too large for a label patch.") { Path = path };
            }

            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Parse(json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new FileException($"{path}: cannot be read as a label patch: {exception.Message}", exception) { Path = path };
        }
    }

    /// <summary>Parses one label.</summary>
    /// <exception cref="JsonException">It is not an object with a class and a box of four finite numbers.</exception>
    public static PatchLabel ParseLabel(JsonElement label)
    {
        if (label.ValueKind != JsonValueKind.Object || !label.TryGetProperty("box", out JsonElement box) || box.ValueKind != JsonValueKind.Array || box.GetArrayLength() != 4)
        {
            throw new JsonException("a label must have 'class' and 'box' with x1, y1, x2, y2");
        }

        float[] edges = [.. box.EnumerateArray().Select(edge => edge.ValueKind == JsonValueKind.Number && edge.TryGetSingle(out float value) && float.IsFinite(value) ? value : throw new JsonException("an edge of a box is not a finite number"))];
        return edges[2] > edges[0] && edges[3] > edges[1]
            ? new PatchLabel(ReadText(label, "class"), new Box(edges[0], edges[1], edges[2], edges[3]))
            : throw new JsonException("a box must have x1 < x2 and y1 < y2");
    }

    /// <summary>Writes a label.</summary>
    public static void WriteLabel(Utf8JsonWriter writer, string name, PatchLabel label)
    {
        writer.WriteStartObject(name);
        writer.WriteString("class", label.Class);
        writer.WriteStartArray("box");
        foreach (float edge in (float[])[label.Box.X1, label.Box.Y1, label.Box.X2, label.Box.Y2])
        {
            writer.WriteNumberValue(edge);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes a patch.</summary>
    public static void Write(Stream stream, LabelPatch patch)
    {
        using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("format", FormatName);
        writer.WriteNumber("version", Version);
        writer.WriteString("dataset", patch.Dataset);
        writer.WriteStartArray("edits");
        foreach (LabelEdit edit in patch.Edits)
        {
            writer.WriteStartObject();
            writer.WriteString("image", edit.Image);
            if (edit.Before is { } before)
            {
                WriteLabel(writer, "before", before);
            }

            if (edit.After is { } after)
            {
                WriteLabel(writer, "after", after);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("reviewed");
        foreach (string image in patch.Reviewed)
        {
            writer.WriteStringValue(image);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static LabelPatch Parse(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out JsonElement format) || format.ValueKind != JsonValueKind.String || format.GetString() != FormatName)
        {
            throw new JsonException($"'format' is not '{FormatName}'");
        }

        if (!root.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number) || number < 1)
        {
            throw new JsonException("'version' is not a whole number of at least 1");
        }

        if (number > Version)
        {
            throw new JsonException($"it has version {number}; this program reads version {Version}. Update it");
        }

        if (!root.TryGetProperty("edits", out JsonElement edits) || edits.ValueKind != JsonValueKind.Array || edits.GetArrayLength() > MaxEdits)
        {
            throw new JsonException($"'edits' is not an array of at most {MaxEdits} edits");
        }

        return new LabelPatch
        {
            Dataset = root.TryGetProperty("dataset", out JsonElement name) && name.ValueKind == JsonValueKind.String ? ProblemLog.Sanitize(name.GetString()!) : "",
            Edits = [.. edits.EnumerateArray().Select(ParseEdit)],
            Reviewed = root.TryGetProperty("reviewed", out JsonElement reviewed) && reviewed.ValueKind == JsonValueKind.Array
                ? [.. reviewed.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!).Take(MaxEdits)]
                : [],
        };
    }

    private static LabelEdit ParseEdit(JsonElement edit, int index)
    {
        try
        {
            if (edit.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("it is not an object");
            }

            PatchLabel? before = edit.TryGetProperty("before", out JsonElement old) ? ParseLabel(old) : null;
            PatchLabel? after = edit.TryGetProperty("after", out JsonElement young) ? ParseLabel(young) : null;
            return before is null && after is null ? throw new JsonException("it has neither 'before' nor 'after'") : new LabelEdit(ReadText(edit, "image"), before, after);
        }
        catch (JsonException exception)
        {
            throw new JsonException($"edit {index + 1}: {exception.Message}", exception);
        }
    }

    private static string ReadText(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MaxTextLength } text
            ? text
            : throw new JsonException($"'{name}' is not a text of 1 to {MaxTextLength} characters");
}
