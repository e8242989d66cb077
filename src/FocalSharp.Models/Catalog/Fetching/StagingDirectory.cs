namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>A temporary folder for files on their way into the cache. It also removes what a killed process left.</summary>
internal sealed class StagingDirectory : IDisposable
{
    private StagingDirectory(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Creates an empty folder. The caller has the model's lock, so older folders of the name are unused.</summary>
    public static StagingDirectory Create(string root, string name)
    {
        Directory.CreateDirectory(root);
        foreach (string left in Directory.GetDirectories(root, name + ".*"))
        {
            Remove(left);
        }

        string path = System.IO.Path.Combine(root, $"{name}.{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        return new StagingDirectory(path);
    }

    /// <inheritdoc/>
    public void Dispose() => Remove(Path);

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // An npm process that outlived its parent may still write there; the next download removes the folder.
        }
    }
}
