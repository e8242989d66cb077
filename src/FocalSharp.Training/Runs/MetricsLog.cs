using System.Globalization;
using System.Text;

namespace FocalSharp.Training.Runs;

/// <summary>
/// The run's <c>metrics.csv</c>: one row a step or epoch under a header that never changes, each row on disk once written, so
/// that a crash loses none. Cells that a row leaves out are empty; numbers are invariant and round-trip.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly List<string> _columns;
    private readonly string _path;

    private MetricsLog(string path, IReadOnlyList<string> columns, StreamWriter writer)
    {
        _path = path;
        _columns = [.. columns];
        _writer = writer;
    }

    /// <summary>The column names, in order.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>Starts a log, or continues one that has the same columns. A half-written last row is cut off.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Column names without commas or quotes.</param>
    /// <exception cref="UserErrorException">The file cannot be written, or has other columns.</exception>
    public static MetricsLog Open(string path, params IReadOnlyList<string> columns)
    {
        string header = string.Join(',', columns);
        try
        {
            FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            bool fresh = stream.Length == 0;
            if (!fresh)
            {
                RequireHeader(path, stream, header);
            }

            StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
            MetricsLog log = new(path, columns, writer);
            if (fresh)
            {
                log.WriteLine(header);
            }

            return log;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be written ({exception.Message}).", exception);
        }
    }

    /// <summary>Appends a row. Columns not named stay empty.</summary>
    /// <exception cref="ArgumentException">A name is not a column.</exception>
    /// <exception cref="UserErrorException">The disk is full or gone.</exception>
    public void Append(params ReadOnlySpan<(string Column, double Value)> cells)
    {
        string[] row = new string[Columns.Count];
        foreach ((string column, double value) in cells)
        {
            int position = _columns.IndexOf(column);
            if (position < 0)
            {
                throw new ArgumentException($"metrics.csv has no column '{column}'.{Suggestions.DidYouMean(column, Columns)}", nameof(cells));
            }

            row[position] = value.ToString("R", CultureInfo.InvariantCulture);
        }

        try
        {
            WriteLine(string.Join(',', row));
        }
        catch (IOException exception)
        {
            throw new UserErrorException($"{_path}: cannot be written ({exception.Message}). Free space; the rows before are kept.", exception);
        }
    }

    /// <summary>Reads a log's rows; empty cells are NaN.</summary>
    /// <exception cref="UserErrorException">The file is absent or not such a log.</exception>
    public static MetricsTable Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException($"{path}: there is no such file.");
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(stream);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] columns = lines.Length == 0 ? [] : lines[0].TrimEnd('\r').Split(',');
        return new MetricsTable(columns, [.. lines.Skip(1).Select((line, index) => ParseRow(path, line.TrimEnd('\r'), index + 2, columns.Length))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException)
        {
            // Append has told of it.
        }
    }

    private static double[] ParseRow(string path, string line, int number, int columns)
    {
        string[] cells = line.Split(',');
        double[] row = new double[columns];
        for (int i = 0; i < columns; i++)
        {
            string cell = i < cells.Length ? cells[i] : "";
            if (cell.Length == 0)
            {
                row[i] = double.NaN;
            }
            else if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out row[i]))
            {
                throw new UserErrorException($"{path}: line {number}: '{cell}' is not a number.");
            }
        }

        return row;
    }

    private static void RequireHeader(string path, FileStream stream, string header)
    {
        using StreamReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        string text = reader.ReadToEnd();
        string found = text.Split('\n', 2)[0].TrimEnd('\r');
        if (!string.Equals(found, header, StringComparison.Ordinal))
        {
            stream.Dispose();
            throw new UserErrorException($"{path}: has other columns than this version writes ({found}). Move it away to start a new log.");
        }

        int complete = text.LastIndexOf('\n') + 1;
        stream.SetLength(Encoding.UTF8.GetByteCount(text.AsSpan(0, complete)));
        stream.Seek(0, SeekOrigin.End);
    }

    private void WriteLine(string line)
    {
        _writer.WriteLine(line);
        _writer.Flush();
    }
}
