namespace FocalSharp.TestSupport;

/// <summary>Finds the repository that the test assembly was built from.</summary>
internal static class RepositoryRoot
{
    /// <summary>Gets the folder that contains FocalSharp.slnx.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "FocalSharp.slnx")))
            {
                return folder.FullName;
            }
        }

        return Directory.GetCurrentDirectory();
    }
}
