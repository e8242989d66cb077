using System.Text.RegularExpressions;
using FocalSharp.Datasets;

namespace FocalSharp.Synthetic;

/// <summary>The folder of a demo data set: where its files lie, whose they are, and who may write now.</summary>
internal sealed partial class DemoFolder(string path)
{
    private const string LockName = ".focalsharp-demo.lock";

    /// <summary>The folder's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The name of one image file.</summary>
    public static string GetImageName(int index) => $"{index:D6}.jpg";

    /// <summary>The full path of one image.</summary>
    public string GetImagePath(DatasetSplit split, int index) => System.IO.Path.Combine(GetImageFolder(split), GetImageName(index));

    /// <summary>True where the folder holds exactly this data set, sealed.</summary>
    public bool Contains(DemoOptions options, string key)
        => DemoStamp.Read(Path) is { Complete: true } stamp && stamp.Key == key
            && File.Exists(GetAnnotationPath(DatasetSplit.Train)) && File.Exists(GetAnnotationPath(DatasetSplit.Val))
            && ListImages(DatasetSplit.Train).Count == options.TrainImages && ListImages(DatasetSplit.Val).Count == options.ValImages;

    /// <summary>
    /// Keeps other processes from drawing into the folder until disposed. A folder that holds a stranger's files is refused.
    /// </summary>
    public FileStream AcquireLock(CancellationToken cancellationToken)
    {
        if (File.Exists(Path))
        {
            throw new FocalSharpException($"{Path}: is a file; the demo data set needs a folder.");
        }

        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FocalSharpException($"{Path}: cannot be made ({exception.Message}). Choose another folder.", exception);
        }

        // Asked under the lock: until then another process may be writing its claim.
        FileStream held = WaitForLock(cancellationToken);
        if (!IsDemoFolder())
        {
            held.Dispose();
            throw new FocalSharpException(
                $"{Path}: holds other files, and the demo data set would mix with them. Choose a new or empty folder.");
        }

        return held;
    }

    /// <summary>Claims the folder for a data set: removes what an older one left, images with our names alone.</summary>
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

    // The lock, or a stamp's temporary file that a crash left behind.
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
                // Another process draws here: wait for it, most likely it makes what we need.
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new FocalSharpException(
                    $"{Path}: cannot be written to ({exception.Message}). Choose another folder.", exception);
            }
        }
    }

    [GeneratedRegex("^[0-9]{6}\\.jpg$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DemoImageNameRegex();
}
