using System.Globalization;
using System.Text.Json;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>
/// Reads JSON token by token from a stream of any length with a small buffer, so that an annotation file of hundreds of megabytes
/// costs only what is kept of it. Python's bare <c>NaN</c> and <c>Infinity</c> are accepted as numbers.
/// </summary>
internal ref struct JsonTokenStream
{
    /// <summary>No single string or number may be longer.</summary>
    private const int MaxTokenBytes = 32 << 20;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[1 << 16];
    private int _filled;
    private int _ready;
    private bool _inString;
    private bool _final;
    private Utf8JsonReader _reader;

    public JsonTokenStream(Stream stream)
    {
        _stream = stream;
        Fill();
        int start = _buffer.AsSpan(0, _filled) is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
        _filled -= start;
        Prepare();
        _reader = new Utf8JsonReader(
            _buffer.AsSpan(0, _ready), _final, new JsonReaderState(new JsonReaderOptions { AllowTrailingCommas = true }));
    }

    public readonly JsonTokenType Type => _reader.TokenType;

    /// <summary>Goes to the next token; false at the end.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool Read()
    {
        while (!_reader.Read())
        {
            if (_final)
            {
                return false;
            }

            Refill();
        }

        return true;
    }

    /// <summary>Goes to the next token, which must exist.</summary>
    public void Next()
    {
        if (!Read())
        {
            throw new JsonException("the text ends too early");
        }
    }

    /// <summary>Passes over the value that the reader stands at.</summary>
    public void Skip()
    {
        if (Type is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        int depth = _reader.CurrentDepth;
        do
        {
            Next();
        }
        while (_reader.CurrentDepth > depth);
    }

    /// <summary>Whether the reader stands at a property of this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => _reader.ValueTextEquals(name);

    /// <summary>The string the reader stands at, or a number as text; null for anything else, which is passed over.</summary>
    public string? ReadText()
    {
        switch (Type)
        {
            case JsonTokenType.String:
                return _reader.GetString();
            case JsonTokenType.Number:
                return ReadNumber().ToString("R", CultureInfo.InvariantCulture);
            default:
                Skip();
                return null;
        }
    }

    /// <summary>
    /// The number, or numeric string, or truth value, the reader stands at; NaN for anything else, which is passed over.
    /// </summary>
    public double ReadNumber()
    {
        switch (Type)
        {
            case JsonTokenType.Number:
                return _reader.TryGetDouble(out double value) ? value : double.NaN;
            case JsonTokenType.String:
                return double.TryParse(_reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed)
                    ? parsed
                    : double.NaN;
            case JsonTokenType.True:
                return 1;
            case JsonTokenType.False:
                return 0;
            default:
                Skip();
                return double.NaN;
        }
    }

    /// <summary>The whole number the reader stands at, or null.</summary>
    public long? ReadInteger()
    {
        if (Type == JsonTokenType.Number && _reader.TryGetInt64(out long exact))
        {
            return exact;
        }

        double value = ReadNumber();
        return Math.Abs(value) <= 1L << 53 && Math.Floor(value) == value ? (long)value : null;
    }

    private void Refill()
    {
        int consumed = (int)_reader.BytesConsumed;
        _buffer.AsSpan(consumed, _filled - consumed).CopyTo(_buffer);
        _filled -= consumed;
        _ready -= consumed;
        if (_filled == _buffer.Length)
        {
            if (_buffer.Length >= MaxTokenBytes)
            {
                throw new JsonException($"a single value is longer than {MaxTokenBytes >> 20} MB");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        Fill();
        Prepare();
        _reader = new Utf8JsonReader(_buffer.AsSpan(0, _ready), _final, _reader.CurrentState);
    }

    private void Fill()
    {
        int read = _stream.Read(_buffer, _filled, _buffer.Length - _filled);
        _filled += read;
        _final = read == 0;
    }

    // Outside strings a capital N or I can only begin NaN or Infinity. They become strings of the same length, which Number()
    // takes for NaN. Bytes are handed to the JSON reader only once they have been looked at.
    private void Prepare()
    {
        while (_ready < _filled)
        {
            Span<byte> rest = _buffer.AsSpan(_ready, _filled - _ready);
            int found = _inString ? rest.IndexOfAny((byte)'"', (byte)'\\') : rest.IndexOfAny((byte)'"', (byte)'N', (byte)'I');
            if (found < 0)
            {
                _ready = _filled;
                return;
            }

            int length = rest[found] switch { (byte)'\\' => 2, (byte)'N' => 3, (byte)'I' => 8, _ => 1 };
            if (found + length > rest.Length)
            {
                // The rest is not here yet; hold it back, unless nothing more will come.
                _ready = _final ? _filled : _ready + found;
                return;
            }

            if (rest[found] == '"')
            {
                _inString = !_inString;
            }

            Replace(found, length);
            _ready += found + length;
        }
    }

    private readonly void Replace(int found, int length)
    {
        Span<byte> token = _buffer.AsSpan(_ready + found, length);
        if (token.SequenceEqual("NaN"u8) || token.SequenceEqual("Infinity"u8))
        {
            int at = _ready + found;
            int from = at > 0 && _buffer[at - 1] == (byte)'-' ? at - 1 : at;
            _buffer[from] = (byte)'"';
            _buffer.AsSpan(from + 1, at + length - from - 2).Fill((byte)'?');
            _buffer[at + length - 1] = (byte)'"';
        }
    }
}
