namespace FocalSharp.Conventions.Tests.Words;

/// <summary>The files of the repository that people write.</summary>
internal static class RepositoryFiles
{
    private static readonly HashSet<string> SkippedFolders = new(["bin", "obj", "runs", "artifacts", "TestResults", "Golden", ".git"], StringComparer.Ordinal);

    private static readonly HashSet<string> TextExtensions = new(
        [".md", ".yaml", ".yml", ".html", ".js", ".css", ".py", ".proto", ".csproj", ".props", ".targets", ".sh", ""], StringComparer.Ordinal);

    /// <summary>Gets the paths of all files from the root, with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Walk(RepositoryRoot.Path).Select(path => Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>Returns whether a file is C#.</summary>
    public static bool IsCSharp(string file) => file.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Returns whether a file other than C# contains text to read.</summary>
    public static bool IsText(string file) =>
        TextExtensions.Contains(Path.GetExtension(file)) && !file.StartsWith("eng/ablations/", StringComparison.Ordinal);

    /// <summary>Returns the text of a file.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, file));

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder).Where(child => !SkippedFolders.Contains(Path.GetFileName(child))).SelectMany(Walk));
}
