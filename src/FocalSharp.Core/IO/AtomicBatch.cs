namespace FocalSharp.IO;

/// <summary>
/// Writes many files, each seen whole or not at all, and flushes them to disk together: a flush a file makes thousands of small files
/// many times slower. What announces the files (a list, an annotation file) is to be written after <see cref="Flush"/>.
/// </summary>
public sealed class AtomicBatch
{
    private const int MaxParallelism = 8;
    private readonly List<string> _written = [];

    /// <summary>Writes a file as <see cref="AtomicFile.Write"/> does, but leaves it to <see cref="Flush"/> to bring it to disk.</summary>
    /// <exception cref="FocalSharpException">The folder cannot be written to or the disk is full.</exception>
    public void Write(string path, Action<Stream> write)
    {
        AtomicFile.Replace(path, write, check: null, flush: false);
        _written.Add(path);
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark; see <see cref="Write"/>.</summary>
    public void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Brings all that was written to disk.</summary>
    /// <exception cref="FocalSharpException">A file cannot be brought to disk.</exception>
    public void Flush()
    {
        try
        {
            Parallel.ForEach(_written, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelism }, path =>
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                stream.Flush(flushToDisk: true);
            });
        }
        catch (AggregateException errors) when (errors.InnerExceptions.All(error => error is IOException or UnauthorizedAccessException))
        {
            throw new FocalSharpException(
                $"{_written.Count} files could not all be brought to disk ({errors.InnerExceptions[0].Message}). Free space or choose another folder.", errors);
        }

        _written.Clear();
    }
}
