using System.Globalization;
using System.Text;

namespace FocalSharp.Reporting;

/// <summary>
/// Writes the <c>metrics.csv</c> of a run: a fixed header and a row per step interval or evaluation. Rows are written immediately, so that a crash
/// loses none. Missing values are empty; numbers are invariant and round-trip.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly FileStream _stream;
    private readonly List<string> _columns;
    private readonly Queue<byte[]> _pending = [];
    private readonly string _path;

    private MetricsLog(string path, IReadOnlyList<string> columns, FileStream stream)
    {
        _path = path;
        _columns = [.. columns];
        _stream = stream;
    }

    /// <summary>Gets the column names, in order.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>Truncates a log to an earlier length, to resume a run. A shorter or missing file is not changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">The length in bytes that <see cref="Sync"/> returned.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static void Truncate(string path, long length)
    {
        try
        {
            if (File.Exists(path) && new FileInfo(path).Length > length)
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                stream.SetLength(length);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: cannot be written ({exception.Message}).", exception);
        }
    }

    /// <summary>Creates a log, or appends to one with the same columns. An incomplete last row is removed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The column names, without commas or quotes.</param>
    /// <exception cref="FileException">The file cannot be written or has other columns.</exception>
    public static MetricsLog Open(string path, params IReadOnlyList<string> columns)
    {
        string header = string.Join(',', columns);
        try
        {
            FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            bool fresh = stream.Length == 0;
            if (!fresh)
            {
                RequireHeader(path, stream, header);
            }

            MetricsLog log = new(path, columns, stream);
            if (fresh)
            {
                log.Write(header);
            }

            return log;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: cannot be written ({exception.Message}).", exception);
        }
    }

    /// <summary>Appends a row. Columns without a value stay empty.</summary>
    /// <exception cref="ArgumentException">A name is not a column.</exception>
    /// <exception cref="FileException">The disk is full or not available.</exception>
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
            Write(string.Join(',', row));
        }
        catch (IOException exception)
        {
            throw new FileException($"{_path}: cannot be written ({exception.Message}). Free disk space; the row is retained in memory and written with the next one.", exception);
        }
    }

    /// <summary>Flushes the rows to disk and returns the length of the file in bytes.</summary>
    /// <exception cref="FileException">The disk is full or not available.</exception>
    public long Sync()
    {
        try
        {
            WritePending();
            _stream.Flush(flushToDisk: true);
            return _stream.Length;
        }
        catch (IOException exception)
        {
            throw new FileException($"{_path}: cannot be written ({exception.Message}). Free disk space; the rows are retained in memory and written with the next one.", exception);
        }
    }

    /// <summary>Reads a log; empty cells are NaN.</summary>
    /// <exception cref="FileException">The file does not exist or is not a log.</exception>
    public static MetricsTable Read(string path)
    {
        const int MaxColumns = 1000; // bounds the allocation per row
        if (!File.Exists(path))
        {
            throw new FileException($"{path}: the file does not exist.");
        }

        string[] lines;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(stream);
            lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: cannot be read ({exception.Message}).", exception);
        }

        string[] columns = lines.Length == 0 ? [] : lines[0].TrimEnd('\r').Split(',', MaxColumns + 1);
        if (columns.Length > MaxColumns)
        {
            throw new FileException($"{path}: not a metrics log, because it has more than {MaxColumns} columns.");
        }

        return new MetricsTable(columns, [.. lines.Skip(1).Select((line, index) => ParseRow(path, line.TrimEnd('\r'), index + 2, columns.Length))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            WritePending();
        }
        catch (IOException)
        {
            // Append has already reported it.
        }
        finally
        {
            _stream.Dispose();
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
                throw new FileException($"{path}: line {number}: '{cell}' is not a number.");
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
            throw new FileException($"{path}: the columns differ from those of this version ({found}). Move the file to start a new log.");
        }

        int complete = text.LastIndexOf('\n') + 1;
        stream.SetLength(Encoding.UTF8.GetByteCount(text.AsSpan(0, complete)));
        stream.Seek(0, SeekOrigin.End);
    }

    private void Write(string line)
    {
        _pending.Enqueue(Encoding.UTF8.GetBytes(line + "\n"));
        WritePending();
    }

    // A row that cannot be written completely is removed from the file.
    private void WritePending()
    {
        while (_pending.TryPeek(out byte[]? row))
        {
            long before = _stream.Position;
            try
            {
                _stream.Write(row);
            }
            catch (IOException)
            {
                _stream.SetLength(before);
                _stream.Position = before;
                throw;
            }

            _pending.Dequeue();
        }
    }
}
