namespace FocalSharp.IO;

/// <summary>
/// Writes many files, each of them atomically, and flushes them to disk together, because flushing thousands of small files one by one is
/// many times slower. Write files that refer to them (a list, an annotation file) after <see cref="Flush"/>.
/// </summary>
internal sealed class AtomicBatch
{
    private const int MaxParallelism = 8;
    private readonly List<string> _written = [];

    /// <summary>Writes a file like <see cref="AtomicFile.Write"/>, but leaves flushing it to disk to <see cref="Flush"/>.</summary>
    /// <exception cref="FileException">The folder cannot be written to, or the disk is full.</exception>
    public void Write(string path, Action<Stream> write)
    {
        AtomicFile.Replace(path, write, check: null, flush: false);
        _written.Add(path);
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark; see <see cref="Write"/>.</summary>
    public void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Flushes all written files to disk.</summary>
    /// <exception cref="FileException">A file cannot be flushed to disk.</exception>
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
            throw new FileException(
                $"{_written.Count} files could not all be flushed to disk ({errors.InnerExceptions[0].Message}). Free disk space, or choose another folder.", errors);
        }

        _written.Clear();
    }
}
