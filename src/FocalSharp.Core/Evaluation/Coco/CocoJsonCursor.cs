using System.Runtime.InteropServices;
using System.Text.Json;

namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Walks a COCO file token by token, without a document in memory, and knows for its messages which entry of which list it is in.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct CocoJsonCursor
{
    private readonly string _path;
    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;

    /// <summary>Starts before the first token.</summary>
    public CocoJsonCursor(string path, ReadOnlySpan<byte> bytes)
    {
        _path = path;
        _bytes = bytes;
        _reader = new Utf8JsonReader(bytes);
    }

    /// <summary>The list being read, or null.</summary>
    public string? List { get; set; }

    /// <summary>Position in the list, from 0.</summary>
    public int Entry { get; set; }

    /// <summary>The current token.</summary>
    public readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>Moves to the next token.</summary>
    public void Read()
    {
        if (!_reader.Read())
        {
            throw CreateError("the file ends too early; it may have been cut off");
        }
    }

    /// <summary>Moves to the next property of an object and onto its value's name; false at the object's end.</summary>
    public bool NextProperty()
    {
        Read();
        return _reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Whether the current property has a name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => _reader.ValueTextEquals(name);

    /// <summary>Passes over the current property's value.</summary>
    public void Skip() => _reader.Skip();

    /// <summary>Reads on past the end, where only white space may follow.</summary>
    public void End()
    {
        while (_reader.Read())
        {
        }
    }

    /// <summary>Steps into the current property's or entry's list.</summary>
    public void BeginArray(string name, bool advance = true)
    {
        Begin(JsonTokenType.StartArray, $"{name} must be a list", advance);
    }

    /// <summary>Moves to the next element of a list; false at its end.</summary>
    public bool NextElement()
    {
        Read();
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Requires the current token to open an object.</summary>
    public readonly void RequireObject()
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw CreateError($"must be an object {{…}}, but is {Describe()}");
        }
    }

    /// <summary>The current property's value as a finite number.</summary>
    public double ReadNumber(string key)
    {
        Read();
        return CurrentNumber(key);
    }

    /// <summary>The current property's value as a whole number.</summary>
    public long ReadInteger(string key)
    {
        Read();
        if (_reader.TokenType == JsonTokenType.Number)
        {
            if (_reader.TryGetInt64(out long integer))
            {
                return integer;
            }

            // Some tools write ids as 12.0.
            if (_reader.TryGetDouble(out double number) && number == Math.Floor(number) && Math.Abs(number) < 1L << 53)
            {
                return (long)number;
            }
        }

        throw CreateError($"'{key}' must be a whole number, but is {Describe()}");
    }

    /// <summary>The current property's value as a category id.</summary>
    public int ReadCategoryId(string key)
    {
        long id = ReadInteger(key);
        return id is >= int.MinValue and <= int.MaxValue ? (int)id : throw CreateError($"'{key}' must be a whole number of at most 32 bits, but is {id}");
    }

    /// <summary>The current property's value as a yes or no: true, false, 0 or another number.</summary>
    public bool ReadFlag(string key)
    {
        Read();
        return _reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False or JsonTokenType.Null => false,
            _ => CurrentNumber(key) != 0,
        };
    }

    /// <summary>The current property's value as text; null where it is not text.</summary>
    public string? ReadText()
    {
        Read();
        if (_reader.TokenType == JsonTokenType.String)
        {
            return _reader.GetString();
        }

        _reader.Skip();
        return null;
    }

    /// <summary>The current property's value as a box of four numbers; null where it is null or an empty list.</summary>
    public CocoBox? ReadBox(string key)
    {
        Read();
        if (_reader.TokenType == JsonTokenType.Null)
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
            _ => throw CreateError($"'{key}' must hold four numbers [x, y, width, height], but holds {count}"),
        };
    }

    /// <summary>An error that says in which file, list, entry and line.</summary>
    public readonly FocalSharpException CreateError(string what, Exception? cause = null)
    {
        string entry = List is null ? string.Empty : $" {(List.Length == 0 ? string.Empty : List + " ")}entry {Entry}:";
        long line = 1 + _bytes[..(int)Math.Min(_bytes.Length, _reader.BytesConsumed)].Count((byte)'\n');
        string message = $"{_path}:{entry} {what} (line {line}, byte {_reader.BytesConsumed}). Mend the entry or remove it.";
        return cause is null ? new FocalSharpException(message) : new FocalSharpException(message, cause);
    }

    /// <summary>An error for text that is not JSON at all.</summary>
    public readonly FocalSharpException CreateMalformedError(JsonException cause)
    {
        ReadOnlySpan<byte> rest = _bytes[(int)_reader.BytesConsumed..].TrimStart(" \t\r\n:,["u8);
        return rest switch
        {
            [] => CreateError("the file ends too early; it may have been cut off", cause),
            [(byte)'N' or (byte)'I', ..] or [(byte)'-', (byte)'I', ..] => CreateError("holds NaN or Infinity, which is not a number", cause),
            _ => CreateError($"is not valid JSON: {cause.Message.Split(" LineNumber", 2)[0]}", cause),
        };
    }

    private double CurrentNumber(string key)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out double number) && double.IsFinite(number))
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

        if (_reader.TokenType != token)
        {
            throw CreateError($"{expectation}, but is {Describe()}");
        }
    }

    private readonly string Describe() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"the text \"{Shorten(_reader.GetString()!)}\"",
        JsonTokenType.Number => Shorten(System.Text.Encoding.ASCII.GetString(_reader.ValueSpan)),
        JsonTokenType.Null => "null",
        _ => Shorten(System.Text.Encoding.UTF8.GetString(_reader.ValueSpan)),
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..39] + "…";
}
