namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>
/// Lets one process at a time fetch a model. The system frees it when the process ends, however it ends, so that no lock is ever left
/// behind; the empty file stays.
/// </summary>
internal sealed class CacheLock : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);
    private readonly FileStream _file;

    private CacheLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; where another holds it, says so once and waits.</summary>
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
