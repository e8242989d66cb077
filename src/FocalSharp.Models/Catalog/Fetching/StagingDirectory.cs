namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>A folder for what lies between source and cache; gone afterwards, and with it what a killed process left there.</summary>
internal sealed class StagingDirectory : IDisposable
{
    private StagingDirectory(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes an empty folder. The caller holds the lock of the name, so that older folders of it are nobody's.</summary>
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
            // An npm that outlived its killed parent may still write there; the next pull removes it.
        }
    }
}
