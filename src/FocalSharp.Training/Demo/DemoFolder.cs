using System.Text.RegularExpressions;
using FocalSharp.Datasets;

namespace FocalSharp.Training.Demo;

/// <summary>The folder of a demo data set: where its files lie, whose they are, and who may write now.</summary>
internal sealed partial class DemoFolder(string path)
{
    private const string LockName = ".focalsharp-demo.lock";

    /// <summary>The folder's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The name of one image file.</summary>
    public static string ImageName(int index) => $"{index:D6}.jpg";

    /// <summary>The full path of one image.</summary>
    public string ImagePath(DatasetSplit split, int index) => System.IO.Path.Combine(ImageFolder(split), ImageName(index));

    /// <summary>True where the folder holds exactly this data set, sealed.</summary>
    public bool Holds(DemoOptions options, string key)
        => DemoStamp.Read(Path) is { Complete: true } stamp && stamp.Key == key
            && File.Exists(AnnotationPath(DatasetSplit.Train)) && File.Exists(AnnotationPath(DatasetSplit.Val))
            && Images(DatasetSplit.Train).Count == options.TrainImages && Images(DatasetSplit.Val).Count == options.ValImages;

    /// <summary>
    /// Keeps other processes from drawing into the folder until disposed. A folder that holds a stranger's files is refused.
    /// </summary>
    public FileStream Lock(CancellationToken cancellation)
    {
        if (File.Exists(Path))
        {
            throw new UserErrorException($"{Path}: is a file; the demo data set needs a folder.");
        }

        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{Path}: cannot be made ({exception.Message}). Choose another folder.", exception);
        }

        // Asked under the lock: until then another process may be writing its claim.
        FileStream held = WaitForLock(cancellation);
        if (!IsOurs())
        {
            held.Dispose();
            throw new UserErrorException(
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
            Directory.CreateDirectory(ImageFolder(split));
            if (File.Exists(AnnotationPath(split)))
            {
                File.Delete(AnnotationPath(split));
            }

            foreach (string image in Images(split))
            {
                File.Delete(image);
            }
        }
    }

    private static string Name(DatasetSplit split) => split == DatasetSplit.Val ? "val" : "train";

    private string ImageFolder(DatasetSplit split) => System.IO.Path.Combine(Path, "images", Name(split));

    private string AnnotationPath(DatasetSplit split)
        => System.IO.Path.Combine(Path, "annotations", $"instances_{Name(split)}.json");

    private List<string> Images(DatasetSplit split)
        => Directory.Exists(ImageFolder(split))
            ?
            [
                .. Directory.EnumerateFiles(ImageFolder(split))
                    .Where(file => OurImage().IsMatch(System.IO.Path.GetFileName(file))),
            ]
            : [];

    private bool IsOurs()
        => File.Exists(System.IO.Path.Combine(Path, DemoStamp.FileName))
            || Directory.EnumerateFileSystemEntries(Path).All(entry => IsTemporary(System.IO.Path.GetFileName(entry)));

    // The lock, or a stamp's temporary file that a crash left behind.
    private static bool IsTemporary(string name)
        => name == LockName || name.StartsWith($".{DemoStamp.FileName}.", StringComparison.Ordinal);

    private FileStream WaitForLock(CancellationToken cancellation)
    {
        string name = System.IO.Path.Combine(Path, LockName);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(
                    name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (File.Exists(name))
            {
                // Another process draws here: wait for it, most likely it makes what we need.
                cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException(
                    $"{Path}: cannot be written to ({exception.Message}). Choose another folder.", exception);
            }
        }
    }

    [GeneratedRegex("^[0-9]{6}\\.jpg$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OurImage();
}
