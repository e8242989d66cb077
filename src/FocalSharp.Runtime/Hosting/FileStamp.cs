namespace FocalSharp.Runtime.Hosting;

/// <summary>Identifies a version of a file without reading it.</summary>
/// <param name="Path">The file, behind links.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Written">When it was last written, UTC.</param>
internal sealed record FileStamp(string Path, long Length, DateTime Written)
{
    /// <summary>Reads the stamp of a file; null if the file is missing or cannot be accessed at the moment.</summary>
    public static FileStamp? Read(string path)
    {
        try
        {
            // Mounted configurations replace a folder behind a link: the link itself does not change.
            FileInfo file = new(path);
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists ? new FileStamp(file.FullName, file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
