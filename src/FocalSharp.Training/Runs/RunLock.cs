using FocalSharp.Models;

namespace FocalSharp.Training.Runs;

/// <summary>Keeps a second process out of a run's folder. The system lifts it when the process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _stream;

    private RunLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock, and removes what an earlier process left half-written.</summary>
    /// <exception cref="FocalSharpException">Another process trains this run, or the folder cannot be written to.</exception>
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
            throw new FocalSharpException($"{folder.Path}: cannot be written to ({exception.Message}). Mend its permissions.", exception);
        }
        catch (IOException exception)
        {
            throw new FocalSharpException($"{folder.Path}: is being trained by another process, or cannot be written to ({exception.Message}).", exception);
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
