using System.Globalization;
using System.Text;

namespace FocalSharp.Datasets.Files;

/// <summary>Reads comma-, semicolon- or tab-separated values with a header line; quoted fields may contain separators and line breaks.</summary>
internal sealed class CsvTable
{
    private const int MaxColumns = 1000;
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly IEnumerator<(string Line, long Number)> _lines;
    private readonly char _separator;
    private IReadOnlyList<string> _row = [];
    private IReadOnlyList<string>? _first;

    /// <summary>Reads the header.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="columns">The column names of a table without a header; null to read them.</param>
    /// <exception cref="InvalidDataException">The text is not a table.</exception>
    public CsvTable(TextReader reader, IReadOnlyList<string>? columns = null)
    {
        _lines = TextLines.Read(reader).GetEnumerator();
        string header = "";
        while (header.Length == 0 && _lines.MoveNext())
        {
            header = _lines.Current.Line.TrimStart('\uFEFF', '#', ' ');
        }

        _separator = new[] { ',', ';', '\t' }.MaxBy(separator => header.Count(c => c == separator));
        Columns = [.. Split(header).Select(name => name.Trim())];
        if (columns is not null)
        {
            (_first, Columns) = (Split(header), columns);
        }

        for (int i = 0; i < Columns.Count; i++)
        {
            _columns.TryAdd(Columns[i], i);
        }
    }

    /// <summary>Gets the column names.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Gets the line of the current row, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Returns the first of several column names that exists, or null.</summary>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_columns.ContainsKey(name))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>Moves to the next row that is not empty; false at the end.</summary>
    public bool Read()
    {
        if (_first is not null)
        {
            (_row, _first, Line) = (_first, null, _lines.Current.Number);
            return true;
        }

        while (_lines.MoveNext())
        {
            Line = _lines.Current.Number;
            if (_lines.Current.Line.Length > 0)
            {
                _row = Split(_lines.Current.Line);
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns a field of the current row; empty if the row is too short.</summary>
    public string Text(string column) => _columns.TryGetValue(column, out int index) && index < _row.Count ? _row[index] : "";

    /// <summary>Returns a number of the current row, or NaN. Where columns are not separated by commas, a comma is a decimal point.</summary>
    public double Number(string column)
    {
        string text = Text(column);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value
            : _separator != ',' && double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out double local) ? local
            : double.NaN;
    }

    private List<string> Split(string line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; ; i++)
        {
            if (i == line.Length)
            {
                if (quoted && _lines.MoveNext())
                {
                    field.Append('\n');
                    (line, i) = (_lines.Current.Line, -1);
                    continue;
                }

                fields.Add(field.ToString());
                return fields;
            }

            char c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"' && (quoted || field.Length == 0))
            {
                quoted = !quoted;
            }
            else if (c == _separator && !quoted && fields.Count < MaxColumns)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }

            if (field.Length > (32 << 20))
            {
                throw new InvalidDataException($"line {Line}: a quoted field has no end");
            }
        }
    }
}
