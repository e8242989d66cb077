namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>
/// A lock that lets one process at a time download a model. The operating system releases it when the process ends, so no stale lock
/// remains; the empty file stays.
/// </summary>
internal sealed class CacheLock : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);
    private readonly FileStream _file;

    private CacheLock(FileStream file) => _file = file;

    /// <summary>Acquires the lock; if another process has it, reports so once and waits.</summary>
    public static async Task<CacheLock> AcquireAsync(string path, Action waiting, CancellationToken cancellationToken)
    {
        bool reported = false;
        while (true)
        {
            try
            {
                return new CacheLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
            {
                if (!reported)
                {
                    waiting();
                    reported = true;
                }

                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
