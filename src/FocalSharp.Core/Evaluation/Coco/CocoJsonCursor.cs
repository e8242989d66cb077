using System.Runtime.InteropServices;
using System.Text.Json;
using FocalSharp.IO;

namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Reads a COCO file token by token, strictly, and tracks the list and entry for error messages.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct CocoJsonCursor
{
    private JsonTokenStream _json;

    /// <summary>Starts before the first token.</summary>
    public CocoJsonCursor(string path, Stream stream)
    {
        Path = path;
        _json = new JsonTokenStream(stream, strict: true);
    }

    /// <summary>Gets the path for messages.</summary>
    public string Path { get; }

    /// <summary>Gets or sets the list being read, or null.</summary>
    public string? List { get; set; }

    /// <summary>Gets or sets the position in the list, from 0.</summary>
    public int Entry { get; set; }

    /// <summary>Gets the type of the current token.</summary>
    public readonly JsonTokenType Token => _json.Type;

    /// <summary>Moves to the next token.</summary>
    public void Read()
    {
        if (!_json.Read())
        {
            throw CreateError("the file ends unexpectedly; it may be truncated");
        }
    }

    /// <summary>Moves to the next property of an object; false at the object's end.</summary>
    public bool NextProperty()
    {
        Read();
        return Token == JsonTokenType.PropertyName;
    }

    /// <summary>Returns whether the current property has a name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => _json.Is(name);

    /// <summary>Skips the value of the current property.</summary>
    public void Skip()
    {
        Read();
        _json.Skip();
    }

    /// <summary>Reads to the end of the file, where only white space may follow.</summary>
    public void End()
    {
        while (_json.Read())
        {
        }
    }

    /// <summary>Moves into the list of the current property or entry.</summary>
    public void BeginArray(string name, bool advance = true)
    {
        Begin(JsonTokenType.StartArray, $"{name} must be a list", advance);
    }

    /// <summary>Moves to the next element of a list; false at its end.</summary>
    public bool NextElement()
    {
        Read();
        return Token != JsonTokenType.EndArray;
    }

    /// <summary>Checks that the current token starts an object.</summary>
    public readonly void RequireObject()
    {
        if (Token != JsonTokenType.StartObject)
        {
            throw CreateError($"must be an object {{…}}, but is {Describe()}");
        }
    }

    /// <summary>Returns the current property's value as a finite number.</summary>
    public double ReadNumber(string key)
    {
        Read();
        return CurrentNumber(key);
    }

    /// <summary>Returns the current property's value as an integer, or as text if it is text or an integer of more than 64 bits; neither if it is null.</summary>
    public (long? Integer, string? Text) ReadIntegerOrText(string key)
    {
        Read();
        return Token switch
        {
            JsonTokenType.String => (null, _json.ReadText()),
            JsonTokenType.Null => (null, null),
            JsonTokenType.Number when _json.IsLongInteger() => (null, System.Text.Encoding.ASCII.GetString(_json.ValueSpan)),
            _ => (CurrentInteger(key), null),
        };
    }

    /// <summary>Returns the current property's value as text; null if it is not text.</summary>
    public string? ReadText()
    {
        Read();
        if (Token == JsonTokenType.String)
        {
            return _json.ReadText();
        }

        _json.Skip();
        return null;
    }

    /// <summary>Returns the current property's value as a box of four numbers; null if it is null or an empty list.</summary>
    public CocoBox? ReadBox(string key)
    {
        Read();
        if (Token == JsonTokenType.Null)
        {
            return null;
        }

        Begin(JsonTokenType.StartArray, $"'{key}' must be a list [x, y, width, height]", advance: false);
        Span<double> numbers = stackalloc double[4];
        int count = 0;
        while (NextElement())
        {
            double number = CurrentNumber(key);
            if (count < 4)
            {
                numbers[count] = number;
            }

            count++;
        }

        return count switch
        {
            0 => null,
            4 => new CocoBox(numbers[0], numbers[1], numbers[2], numbers[3]),
            _ => throw CreateError($"'{key}' must contain four numbers [x, y, width, height], but contains {count}"),
        };
    }

    /// <summary>Creates an error with file, list, entry and line.</summary>
    public readonly DatasetException CreateError(string what, Exception? cause = null)
    {
        string entry = List is null ? string.Empty : $" {(List.Length == 0 ? string.Empty : List + " ")}entry {Entry}:";
        string message = $"{Path}:{entry} {what} (line {_json.Line}, byte {_json.Position}). Fix the entry or remove it.";
        return cause is null ? new DatasetException(message) { Path = Path } : new DatasetException(message, cause) { Path = Path };
    }

    /// <summary>Creates an error for text that is not valid JSON.</summary>
    public readonly DatasetException CreateMalformedError(Exception cause)
    {
        ReadOnlySpan<byte> rest = _json.Remaining.TrimStart(" \t\r\n:,["u8);
        return rest switch
        {
            [] => CreateError("the file ends unexpectedly; it may be truncated", cause),
            [(byte)'N' or (byte)'I', ..] or [(byte)'-', (byte)'I', ..] => CreateError("contains NaN or Infinity, which is not a valid number", cause),
            _ => CreateError($"is not valid JSON: {cause.Message.Split(" LineNumber", 2)[0]}", cause),
        };
    }

    private long CurrentInteger(string key)
    {
        if (_json.TryGetInt64(out long integer))
        {
            return integer;
        }

        // Some tools write ids as 12.0.
        if (_json.TryGetDouble(out double number) && number == Math.Floor(number) && Math.Abs(number) < 1L << 53)
        {
            return (long)number;
        }

        throw CreateError($"'{key}' must be an integer, but is {Describe()}");
    }

    private double CurrentNumber(string key)
    {
        if (_json.TryGetDouble(out double number) && double.IsFinite(number))
        {
            return number;
        }

        throw CreateError($"'{key}' must be a finite number, but is {Describe()}");
    }

    private void Begin(JsonTokenType token, string expectation, bool advance)
    {
        if (advance)
        {
            Read();
        }

        if (Token != token)
        {
            throw CreateError($"{expectation}, but is {Describe()}");
        }
    }

    private readonly string Describe() => Token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"the text \"{Shorten(System.Text.Encoding.UTF8.GetString(_json.ValueSpan))}\"",
        JsonTokenType.Number => Shorten(System.Text.Encoding.ASCII.GetString(_json.ValueSpan)),
        JsonTokenType.Null => "null",
        _ => Shorten(System.Text.Encoding.UTF8.GetString(_json.ValueSpan)),
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..39] + "…";
}
