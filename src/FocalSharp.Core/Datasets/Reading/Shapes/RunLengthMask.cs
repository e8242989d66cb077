namespace FocalSharp.Datasets.Reading.Shapes;

/// <summary>
/// Finds the box around a run-length encoded mask without decoding its pixels. Runs alternate between background and foreground, and start
/// with background; COCO counts down the columns, CVAT along the rows.
/// </summary>
internal struct RunLengthMask
{
    private readonly long _lineLength;
    private readonly long _pixels;
    private long _position;
    private bool _foreground;
    private long _firstLine = long.MaxValue;
    private long _lastLine = -1;
    private long _first = long.MaxValue;
    private long _last = -1;

    /// <param name="lineLength">The number of pixels of a line: the height of the mask where runs go down the columns.</param>
    /// <param name="lines">The number of lines.</param>
    public RunLengthMask(double lineLength, double lines)
    {
        _lineLength = lineLength is >= 1 and <= int.MaxValue ? (long)lineLength : 0;
        _pixels = _lineLength * (lines is >= 1 and <= int.MaxValue ? (long)lines : 0);
    }

    /// <summary>Gets whether all runs lie within the mask, and at least one of them is foreground.</summary>
    public readonly bool IsValid => _last >= 0 && _position <= _pixels;

    /// <summary>Adds the next run.</summary>
    public void Add(double count)
    {
        if (!(count >= 0) || _position > _pixels)
        {
            _position = long.MaxValue / 2; // invalid from here on
            return;
        }

        long length = (long)Math.Min(count, int.MaxValue);
        long end = Math.Min(_position + length, _pixels);
        if (_foreground && end > _position)
        {
            (long lineA, long a) = Math.DivRem(_position, _lineLength);
            (long lineB, long b) = Math.DivRem(end - 1, _lineLength);
            _firstLine = Math.Min(_firstLine, lineA);
            _lastLine = Math.Max(_lastLine, lineB);
            _first = Math.Min(_first, lineA == lineB ? a : 0);
            _last = Math.Max(_last, lineA == lineB ? b : _lineLength - 1);
        }

        _foreground = !_foreground;
        _position += length;
    }

    /// <summary>Adds the runs of COCO's compressed counts: six bits per character, differences from the count before the last.</summary>
    public void AddCompressed(ReadOnlySpan<byte> text)
    {
        long previous = 0;
        long beforePrevious = 0;
        int index = 0;
        for (int i = 0; i < text.Length; index++)
        {
            long value = 0;
            int shift = 0;
            bool more = true;
            while (more)
            {
                int bits = i < text.Length ? text[i++] - 48 : -1;
                if (bits is < 0 or > 63 || shift > 40)
                {
                    Add(double.NaN);
                    return;
                }

                value |= (long)(bits & 0x1F) << shift;
                shift += 5;
                more = (bits & 0x20) != 0;
                if (!more && (bits & 0x10) != 0)
                {
                    value |= -1L << shift;
                }
            }

            value += index > 2 ? beforePrevious : 0;
            Add(value);
            (beforePrevious, previous) = (previous, value);
        }
    }

    /// <summary>Returns the box, if runs go down the columns as in COCO.</summary>
    public readonly EnclosingBox BoxByColumns() => Box(_firstLine, _first, _lastLine + 1, _last + 1);

    /// <summary>Returns the box, if runs go along the rows as in CVAT.</summary>
    public readonly EnclosingBox BoxByRows() => Box(_first, _firstLine, _last + 1, _lastLine + 1);

    private static EnclosingBox Box(double x1, double y1, double x2, double y2)
    {
        EnclosingBox box = new();
        box.Add(x1, y1);
        box.Add(x2, y2);
        return box;
    }
}
