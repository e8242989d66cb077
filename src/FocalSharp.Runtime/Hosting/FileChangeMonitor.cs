namespace FocalSharp.Runtime.Hosting;

/// <summary>
/// Decides when a changed file is complete: when it has been the same in two readings one delay apart and differs from the version in use. A version that
/// was refused is not tried again.
/// </summary>
/// <param name="current">The version in use; null if unknown.</param>
internal sealed class FileChangeMonitor(FileStamp? current)
{
    private FileStamp? _seen = current;
    private FileStamp? _last = current;

    /// <summary>Sets the version in use.</summary>
    public void Accept(FileStamp? stamp) => _seen = stamp;

    /// <summary>Adds a reading.</summary>
    /// <param name="stamp">The file as it is now; null if it is missing.</param>
    /// <returns>Whether it is a new and complete version.</returns>
    public bool Observe(FileStamp? stamp)
    {
        bool isComplete = stamp is not null && stamp == _last && stamp != _seen;
        _last = stamp;
        if (isComplete)
        {
            _seen = stamp;
        }

        return isComplete;
    }
}
