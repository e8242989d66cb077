using System.Globalization;
using System.Text.Json;

namespace FocalSharp.IO;

/// <summary>
/// Reads JSON token by token from a stream of any length with a small buffer, so that the memory for an annotation file of hundreds of
/// megabytes is that of the values retained.
/// </summary>
/// <remarks>Unless strict, trailing commas and Python's bare <c>NaN</c> and <c>Infinity</c> are accepted; the latter read as NaN.</remarks>
internal ref struct JsonTokenStream
{
    /// <summary>The maximum length of a string or number.</summary>
    private const int MaxTokenBytes = 32 << 20;

    private const int BufferBytes = 1 << 16;
    private const int MinBufferBytes = 64;

    private readonly Stream _stream;
    private readonly bool _strict;
    private byte[] _buffer;
    private int _filled;
    private int _ready;
    private bool _inString;
    private bool _final;
    private long _discardedBytes;
    private long _discardedLines;
    private Utf8JsonReader _reader;

    /// <summary>Starts before the first token.</summary>
    /// <param name="stream">The stream; it is not disposed.</param>
    /// <param name="strict">Whether trailing commas, NaN and Infinity are errors.</param>
    public JsonTokenStream(Stream stream, bool strict = false)
    {
        _stream = stream;
        _strict = strict;

        // A table may have a small text of JSON in every row.
        _buffer = new byte[stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position + 1, MinBufferBytes, BufferBytes) : BufferBytes];
        Fill();
        int start = _buffer.AsSpan(0, _filled) is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
        _filled -= start;
        Prepare();
        _reader = new Utf8JsonReader(
            _buffer.AsSpan(0, _ready), _final, new JsonReaderState(new JsonReaderOptions { AllowTrailingCommas = !strict }));
    }

    /// <summary>Gets the type of the current token.</summary>
    public readonly JsonTokenType Type => _reader.TokenType;

    /// <summary>Gets the bytes of the current token, without quotes and without unescaping.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan => _reader.ValueSpan;

    /// <summary>Gets the number of bytes read so far, without a byte-order mark.</summary>
    public readonly long Position => _discardedBytes + _reader.BytesConsumed;

    /// <summary>Gets the line of the current position, from 1.</summary>
    public readonly long Line => 1 + _discardedLines + _buffer.AsSpan(0, (int)_reader.BytesConsumed).Count((byte)'\n');

    /// <summary>Gets the bytes in the buffer after the current token.</summary>
    public readonly ReadOnlySpan<byte> Remaining => _buffer.AsSpan((int)_reader.BytesConsumed, _filled - (int)_reader.BytesConsumed);

    /// <summary>Moves to the next token; false at the end.</summary>
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

    /// <summary>Moves to the next token.</summary>
    /// <exception cref="JsonException">The text is not JSON, or there is no further token.</exception>
    public void Next()
    {
        if (!Read())
        {
            throw new JsonException("the text ends too early");
        }
    }

    /// <summary>Skips the current value with its children.</summary>
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

    /// <summary>Returns whether the current token is a property with this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => _reader.ValueTextEquals(name);

    /// <summary>Returns the name of the current property.</summary>
    public readonly string ReadName() => _reader.GetString()!;

    /// <summary>Returns the current string, or a number as text; null for any other value, which is skipped.</summary>
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
    /// Returns the current number, numeric string or boolean; NaN for any other value, which is skipped.
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

    /// <summary>Returns the current integer, or null.</summary>
    public long? ReadInteger()
    {
        if (Type == JsonTokenType.Number && _reader.TryGetInt64(out long exact))
        {
            return exact;
        }

        double value = ReadNumber();
        return Math.Abs(value) <= 1L << 53 && Math.Floor(value) == value ? (long)value : null;
    }

    /// <summary>Returns the current integer if it is one of at most 64 bits.</summary>
    public readonly bool TryGetInt64(out long value)
    {
        value = 0;
        return Type == JsonTokenType.Number && _reader.TryGetInt64(out value);
    }

    /// <summary>Returns whether the current token is an integer of more than 64 bits, such as a hash.</summary>
    public readonly bool IsLongInteger() =>
        Type == JsonTokenType.Number && !_reader.TryGetInt64(out _) && ValueSpan.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;

    /// <summary>Returns the current number if it is one.</summary>
    public readonly bool TryGetDouble(out double value)
    {
        value = double.NaN;
        return Type == JsonTokenType.Number && _reader.TryGetDouble(out value);
    }

    private void Refill()
    {
        int consumed = (int)_reader.BytesConsumed;
        _discardedLines += _buffer.AsSpan(0, consumed).Count((byte)'\n');
        _discardedBytes += consumed;
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

    // Outside strings a capital N or I can only begin NaN or Infinity. They are replaced by strings of the same length, which
    // ReadNumber returns as NaN. Bytes are passed to the JSON reader only after they have been checked.
    private void Prepare()
    {
        if (_strict)
        {
            _ready = _filled;
            return;
        }

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
                // The rest has not been read yet; wait for it, unless this is the end.
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
