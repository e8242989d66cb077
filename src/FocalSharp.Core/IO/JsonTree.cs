using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FocalSharp.IO;

/// <summary>
/// A JSON value in memory that can be queried without checks: a member that does not exist, or a value of another type, reads as missing.
/// </summary>
internal readonly struct JsonTree
{
    /// <summary>The maximum number of values in one tree: an annotation of a million points.</summary>
    private const int MaxValues = 4_000_000;
    private const int MaxDepth = 64;

    private static readonly Dictionary<string, JsonTree> NoMembers = [];
    private readonly object? _value;

    private JsonTree(object? value) => _value = value;

    /// <summary>Gets whether the value exists and is not null.</summary>
    public bool Exists => _value is not null;

    public bool IsObject => _value is Dictionary<string, JsonTree>;

    public bool IsArray => _value is List<JsonTree>;

    public bool IsString => _value is string;

    /// <summary>Gets the elements of an array; empty for any other value.</summary>
    public IReadOnlyList<JsonTree> Items => _value as List<JsonTree> ?? [];

    /// <summary>Gets the members of an object in file order; empty for any other value.</summary>
    public IReadOnlyDictionary<string, JsonTree> Members => _value as Dictionary<string, JsonTree> ?? NoMembers;

    /// <summary>Gets a string, or a number as text; null for any other value.</summary>
    public string? Text => _value switch
    {
        string text => text,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Gets a number, a numeric string, or 1 and 0 for true and false; NaN for any other value.</summary>
    public double Number => _value switch
    {
        double number => number,
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) ? parsed : double.NaN,
        bool flag => flag ? 1 : 0,
        _ => double.NaN,
    };

    /// <summary>Gets whether the value is true, or a number other than 0.</summary>
    public bool IsTrue => Number is not (0 or double.NaN);

    /// <summary>Gets a member of an object.</summary>
    public JsonTree this[string name] => _value is Dictionary<string, JsonTree> members && members.TryGetValue(name, out JsonTree value) ? value : default;

    /// <summary>Gets an element of an array.</summary>
    public JsonTree this[int index] => _value is List<JsonTree> items && index < items.Count ? items[index] : default;

    /// <summary>Reads the current value of a stream, which moves to its last token. Of repeated members, the last one counts.</summary>
    /// <exception cref="JsonException">The text is not JSON, or too large.</exception>
    public static JsonTree Read(ref JsonTokenStream json)
    {
        int budget = MaxValues;
        return Read(ref json, 0, ref budget);
    }

    /// <summary>Parses a text.</summary>
    /// <exception cref="JsonException">The text is not JSON, or too large.</exception>
    public static JsonTree Parse(string text)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        return Guard(() =>
        {
            JsonTokenStream json = new(stream);
            json.Next();
            JsonTree tree = Read(ref json);
            json.Read();
            return tree;
        });
    }

    /// <summary>Runs a reader of JSON, and throws one kind of exception for all kinds of broken text.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            // Invalid UTF-8, or half a surrogate pair in a string.
            throw new JsonException(exception.Message, exception);
        }
    }

    private static JsonTree Read(ref JsonTokenStream json, int depth, ref int budget)
    {
        if (--budget < 0 || depth > MaxDepth)
        {
            throw new JsonException(budget < 0 ? $"a single entry has more than {MaxValues:N0} values" : $"it is nested deeper than {MaxDepth} levels");
        }

        switch (json.Type)
        {
            case JsonTokenType.StartObject:
                Dictionary<string, JsonTree> members = new(StringComparer.Ordinal);
                for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
                {
                    string name = json.ReadName();
                    json.Next();
                    members[name] = Read(ref json, depth + 1, ref budget);
                }

                return new JsonTree(members);
            case JsonTokenType.StartArray:
                List<JsonTree> items = [];
                for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
                {
                    items.Add(Read(ref json, depth + 1, ref budget));
                }

                return new JsonTree(items);
            case JsonTokenType.String:
                return new JsonTree(json.ReadText());
            case JsonTokenType.Number:
                return new JsonTree(json.ReadNumber());
            case JsonTokenType.True or JsonTokenType.False:
                return new JsonTree(json.Type == JsonTokenType.True);
            default:
                return default;
        }
    }
}
