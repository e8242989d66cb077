using System.Text.RegularExpressions;
using FocalSharp.Datasets;

namespace FocalSharp.Synthetic;

/// <summary>The folder of a demo data set: its paths, its ownership and its lock.</summary>
internal sealed partial class DemoFolder(string path)
{
    private const string LockName = ".focalsharp-demo.lock";

    /// <summary>Gets the folder's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Returns the name of an image file.</summary>
    public static string GetImageName(int index) => $"{index:D6}.jpg";

    /// <summary>Returns the full path of an image.</summary>
    public string GetImagePath(DatasetSplit split, int index) => System.IO.Path.Combine(GetImageFolder(split), GetImageName(index));

    /// <summary>Returns whether the folder contains exactly this data set, complete.</summary>
    public bool Contains(DemoOptions options, string key)
        => DemoStamp.Read(Path) is { Complete: true } stamp && stamp.Key == key
            && File.Exists(GetAnnotationPath(DatasetSplit.Train)) && File.Exists(GetAnnotationPath(DatasetSplit.Val))
            && ListImages(DatasetSplit.Train).Count == options.TrainImages && ListImages(DatasetSplit.Val).Count == options.ValImages;

    /// <summary>
    /// Locks the folder against other processes until disposed. A folder with other files is rejected.
    /// </summary>
    public FileStream AcquireLock(CancellationToken cancellationToken)
    {
        if (File.Exists(Path))
        {
            throw new FileException($"{Path}: is a file; the demo data set needs a folder.") { Path = Path };
        }

        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{Path}: cannot be created ({exception.Message}). Choose another folder.", exception) { Path = Path };
        }

        // Checked under the lock: before, another process may be writing its stamp.
        FileStream lockFile = WaitForLock(cancellationToken);
        if (!IsDemoFolder())
        {
            lockFile.Dispose();
            throw new FileException($"{Path}: contains files that are not the demo's. Choose a new or empty folder.") { Path = Path };
        }

        return lockFile;
    }

    /// <summary>Claims the folder for a data set and deletes the images of an older one; other files are not touched.</summary>
    public void Claim(string key)
    {
        new DemoStamp(key, Complete: false).Write(Path);
        foreach (DatasetSplit split in (ReadOnlySpan<DatasetSplit>)[DatasetSplit.Train, DatasetSplit.Val])
        {
            Directory.CreateDirectory(GetImageFolder(split));
            if (File.Exists(GetAnnotationPath(split)))
            {
                File.Delete(GetAnnotationPath(split));
            }

            foreach (string image in ListImages(split))
            {
                File.Delete(image);
            }
        }
    }

    private static string GetSplitName(DatasetSplit split) => split == DatasetSplit.Val ? "val" : "train";

    private string GetImageFolder(DatasetSplit split) => System.IO.Path.Combine(Path, "images", GetSplitName(split));

    private string GetAnnotationPath(DatasetSplit split)
        => System.IO.Path.Combine(Path, "annotations", $"instances_{GetSplitName(split)}.json");

    private List<string> ListImages(DatasetSplit split)
        => Directory.Exists(GetImageFolder(split))
            ?
            [
                .. Directory.EnumerateFiles(GetImageFolder(split))
                    .Where(file => DemoImageNameRegex().IsMatch(System.IO.Path.GetFileName(file))),
            ]
            : [];

    private bool IsDemoFolder()
        => File.Exists(System.IO.Path.Combine(Path, DemoStamp.FileName))
            || Directory.EnumerateFileSystemEntries(Path).All(entry => IsTemporary(System.IO.Path.GetFileName(entry)));

    // The lock, or the temporary file of a stamp after a crash.
    private static bool IsTemporary(string name)
        => name == LockName || name.StartsWith($".{DemoStamp.FileName}.", StringComparison.Ordinal);

    private FileStream WaitForLock(CancellationToken cancellationToken)
    {
        string name = System.IO.Path.Combine(Path, LockName);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(
                    name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (File.Exists(name))
            {
                // Another process generates the data set: wait for it.
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new FileException($"{Path}: cannot be written to ({exception.Message}). Choose another folder.", exception) { Path = Path };
            }
        }
    }

    [GeneratedRegex("^[0-9]{6}\\.jpg$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DemoImageNameRegex();
}
