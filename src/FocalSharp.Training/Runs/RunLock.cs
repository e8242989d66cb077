using FocalSharp.Models;

namespace FocalSharp.Training.Runs;

/// <summary>Locks a run's folder against other processes. The operating system releases the lock when the process ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _stream;

    private RunLock(FileStream stream) => _stream = stream;

    /// <summary>Acquires the lock, and removes temporary files that an earlier process left.</summary>
    /// <exception cref="FileException">Another process trains this run, or the folder cannot be written to.</exception>
    public static RunLock Acquire(RunFolder folder)
    {
        try
        {
            RunLock taken = new(new FileStream(folder.GetPath(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            RemoveTemporaryFiles(folder);
            return taken;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new FileException($"{folder.Path}: cannot be written to ({exception.Message}). Fix its permissions.", exception) { Path = folder.Path };
        }
        catch (IOException exception)
        {
            throw new FileException($"{folder.Path}: is being trained by another process, or cannot be written to ({exception.Message}).", exception) { Path = folder.Path };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    // AtomicFile's names: ".name.GUID.tmp".
    private static void RemoveTemporaryFiles(RunFolder folder)
    {
        foreach (string file in new[] { folder.Path, folder.CheckpointsPath, folder.BadStepsPath }.Where(Directory.Exists)
            .SelectMany(path => Directory.GetFiles(path, ".*.tmp")))
        {
            File.Delete(file);
        }
    }
}
