namespace FocalSharp.TestSupport;

/// <summary>
/// Finds the reference data. The folder is the environment variable FOCALSHARP_GOLDEN, else <c>../shared/golden</c> beside
/// the repository; what is absent is a visible skip.
/// </summary>
internal static class GoldenData
{
    /// <summary>The trait that golden tests carry: <c>[Trait(GoldenData.Trait, GoldenData.Golden)]</c>.</summary>
    public const string Trait = "Category";

    /// <summary>The trait's value.</summary>
    public const string Golden = "Golden";

    /// <summary>The folder of the golden files, whether it exists or not.</summary>
    public static string Root { get; } =
        Environment.GetEnvironmentVariable("FOCALSHARP_GOLDEN") is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(RepositoryRoot.Path, "..", "shared", "golden");

    /// <summary>The path of a golden file or folder; skips the running test where it is absent.</summary>
    public static string Require(params string[] parts)
    {
        string path = Path.Combine([Root, .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"golden data not found: {Path.Combine(parts)} under FOCALSHARP_GOLDEN or ../shared/golden");
        return path;
    }
}

/// <summary>Finds the repository that the test assembly was built from.</summary>
internal static class RepositoryRoot
{
    /// <summary>The folder that holds FocalSharp.slnx.</summary>
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

/// <summary>Finds the real images that some tests use.</summary>
internal static class RealData
{
    /// <summary>The path of a real data set under <c>../shared/data</c>; skips the running test where it is absent.</summary>
    public static string Require(params string[] parts)
    {
        string path = Path.Combine([RepositoryRoot.Path, "..", "shared", "data", .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"real images not found: {Path.Combine(parts)} under ../shared/data");
        return path;
    }
}
