namespace FocalSharp.Training.Zoo.Fetching;

/// <summary>
/// Lets one process at a time fetch a model. The system frees it when the process ends, however it ends, so that no lock is ever left
/// behind; the empty file stays.
/// </summary>
internal sealed class CacheLock : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);
    private readonly FileStream _file;

    private CacheLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; where another holds it, says so once and waits.</summary>
    public static async Task<CacheLock> AcquireAsync(string path, Action waiting, CancellationToken cancellation)
    {
        bool told = false;
        while (true)
        {
            try
            {
                return new CacheLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException fault) when (fault is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
            {
                if (!told)
                {
                    waiting();
                    told = true;
                }

                await Task.Delay(Between, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
