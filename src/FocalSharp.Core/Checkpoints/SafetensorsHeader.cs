using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace FocalSharp.Checkpoints;

/// <summary>The entry of one tensor; offsets are relative to the first byte after the header.</summary>
internal sealed record SafetensorsEntry(string Name, ElementType Type, long[] Shape, long Begin, long End)
{
    public long Length => End - Begin;
}

/// <summary>The validated header of a safetensors file.</summary>
internal sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long DataStart)
{
    public const string MetadataKey = "__metadata__";

    private const int MaximumRank = 64;

    public static ModelException Broken(string path, string why, Exception? cause = null)
    {
        string message = $"{path}: not a valid safetensors file: {why}. Copy or download it again.";
        return cause is null ? new(message) { Path = path } : new(message, cause) { Path = path };
    }

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string path, long dataStart, long fileLength)
    {
        if (json.IsEmpty || json[0] != '{')
        {
            throw Broken(path, "its header is not a JSON object");
        }

        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 8 });
            SafetensorsHeader header = ReadObject(ref reader, path, dataStart);
            while (reader.Read())
            {
                // Anything after the object other than white space is a JsonException.
            }

            CheckLayout(header.Entries, path, fileLength - dataStart);
            return header;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw Broken(path, $"its header is not valid JSON of the expected form ({exception.Message})", exception);
        }
    }

    private static SafetensorsHeader ReadObject(ref Utf8JsonReader reader, string path, long dataStart)
    {
        List<SafetensorsEntry> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw Broken(path, $"'{TextSanitizer.Sanitize(name)}' occurs twice in its header");
            }

            reader.Read();
            if (string.Equals(name, MetadataKey, StringComparison.Ordinal))
            {
                ReadMetadata(ref reader, metadata, path);
            }
            else
            {
                entries.Add(ReadEntry(ref reader, name, path));
            }
        }

        return new SafetensorsHeader(entries, metadata, dataStart);
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata, string path)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, path, $"{MetadataKey} is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.String, path,
                $"{MetadataKey} entry '{TextSanitizer.Sanitize(key)}' is not a string");
            Expect(metadata.TryAdd(key, reader.GetString()!), path, $"{MetadataKey} entry '{TextSanitizer.Sanitize(key)}' occurs twice");
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name, string path)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, path, $"the entry of '{TextSanitizer.Sanitize(name)}' is not an object");
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            bool fresh = key switch
            {
                "dtype" => type is null,
                "shape" => shape is null,
                "data_offsets" => offsets is null,
                _ => throw Broken(path, $"tensor '{TextSanitizer.Sanitize(name)}' has the unknown field '{TextSanitizer.Sanitize(key)}'"),
            };
            Expect(fresh, path, $"tensor '{TextSanitizer.Sanitize(name)}' has the field '{TextSanitizer.Sanitize(key)}' twice");
            switch (key)
            {
                case "dtype":
                    type = reader.GetString();
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, name, key, MaximumRank, path);
                    break;
                default:
                    offsets = ReadNumbers(ref reader, name, key, 2, path);
                    break;
            }
        }

        bool whole = type is not null && shape is not null && offsets is { Length: 2 };
        Expect(whole, path, $"tensor '{TextSanitizer.Sanitize(name)}' lacks dtype, shape or two data_offsets");
        Expect(ElementTypes.TryParse(type, out ElementType element), path,
            $"tensor '{TextSanitizer.Sanitize(name)}' has the element type '{TextSanitizer.Sanitize(type)}', which is not supported");
        Expect(offsets![0] <= offsets[1], path,
            $"tensor '{TextSanitizer.Sanitize(name)}' ends at {offsets[1]}, before it begins at {offsets[0]}");
        bool fills = StateTensor.CountElements(shape!) is { } count
            && (Int128)count * ElementTypes.SizeOf(element) == offsets[1] - offsets[0];
        Expect(fills, path,
            $"tensor '{TextSanitizer.Sanitize(name)}' of type {type} and shape [{string.Join(", ", shape!)}] "
            + $"does not fill its {offsets[1] - offsets[0]} bytes");
        return new SafetensorsEntry(name, element, shape!, offsets[0], offsets[1]);
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string name, string field, int limit, string path)
    {
        Expect(reader.TokenType == JsonTokenType.StartArray, path, $"{field} of tensor '{TextSanitizer.Sanitize(name)}' is not an array");
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            long number = -1;
            bool natural = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out number) && number >= 0;
            Expect(natural, path, $"{field} of tensor '{TextSanitizer.Sanitize(name)}' contains something other than integers from 0");
            Expect(numbers.Count < limit, path, $"{field} of tensor '{TextSanitizer.Sanitize(name)}' has more than {limit} numbers");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    /// <summary>Checks that the tensors cover the bytes after the header exactly, without gaps or overlaps.</summary>
    private static void CheckLayout(IReadOnlyList<SafetensorsEntry> entries, string path, long dataLength)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            string relation = entry.Begin < end ? "overlaps the tensor before it" : "leaves a gap before it";
            Expect(entry.Begin == end, path,
                $"tensor '{TextSanitizer.Sanitize(entry.Name)}' begins at byte {entry.Begin} and {relation}, which ends at {end}");
            end = entry.End;
            Expect(end <= dataLength, path,
                $"tensor '{TextSanitizer.Sanitize(entry.Name)}' ends at byte {end}, but only {dataLength} follow the header: "
                + $"the file is truncated");
        }

        Expect(end == dataLength, path, $"{dataLength - end} bytes follow the last tensor");
    }

    private static void Expect(
        bool condition, string path, [InterpolatedStringHandlerArgument(nameof(condition))] ReasonHandler why)
    {
        if (!condition)
        {
            throw Broken(path, why.ToString());
        }
    }

    /// <summary>Formats a reason only if the condition does not hold: a header may have a million entries.</summary>
    [InterpolatedStringHandler]
    private readonly ref struct ReasonHandler
    {
        private readonly StringBuilder? _text;

        public ReasonHandler(int literalLength, int formattedCount, bool condition, out bool wanted)
        {
            wanted = !condition;
            _text = condition ? null : new StringBuilder(literalLength + (formattedCount * 16));
        }

        public void AppendLiteral(string text) => _text!.Append(text);

        public void AppendFormatted<T>(T value) => _text!.Append(value);

        public override string ToString() => _text!.ToString();
    }
}
