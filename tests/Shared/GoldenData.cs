namespace FocalSharp.TestSupport;

/// <summary>
/// Finds the reference data. The small set, <c>tests/Golden</c>, is part of the repository; the full set is the folder that the
/// environment variable FOCALSHARP_GOLDEN names, by default <c>../shared/golden</c> beside the repository. Tests use both.
/// </summary>
internal static class GoldenData
{
    /// <summary>The trait of golden tests: <c>[Trait(GoldenData.Trait, GoldenData.Golden)]</c>.</summary>
    public const string Trait = TestCategories.Trait;

    /// <summary>The trait's value.</summary>
    public const string Golden = TestCategories.Golden;

    /// <summary>Gets the folder of the full set, which may not exist.</summary>
    public static string Root { get; } =
        Environment.GetEnvironmentVariable("FOCALSHARP_GOLDEN") is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(RepositoryRoot.Path, "..", "shared", "golden");

    /// <summary>Gets the folder of the small set.</summary>
    public static string SmallRoot { get; } = Path.Combine(RepositoryRoot.Path, "tests", "Golden");

    /// <summary>Returns the path of a golden file or folder: of the full set, else of the small one; skips the running test if neither has it.</summary>
    public static string Require(params string[] parts) => RequireEach(parts)[^1];

    /// <summary>Returns the paths of a golden file or folder in the small and the full set; skips the running test if neither has it.</summary>
    public static IReadOnlyList<string> RequireEach(params string[] parts)
    {
        string[] paths = [.. new[] { SmallRoot, Root }.Select(root => Path.Combine([root, .. parts])).Where(Path.Exists)];
        Assert.SkipWhen(paths.Length == 0, $"golden data not found: {Path.Combine(parts)} under FOCALSHARP_GOLDEN or ../shared/golden");
        return paths;
    }
}
