using System.Text.RegularExpressions;

namespace FocalSharp.Cli.Verbs;

/// <summary>Turns the words after the model into image files: files as they are, folders with all their images, globs.</summary>
internal static class PredictInputs
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif"];
    private static readonly EnumerationOptions RecursiveOptions = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    /// <summary>The files, each once, in the order of the words and by name within a word.</summary>
    /// <exception cref="FocalSharpException">A word names nothing, or a folder or glob holds no image.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> words) => [.. words.SelectMany(Expand).DistinctBy(Path.GetFullPath)];

    private static IEnumerable<string> Expand(string word)
    {
        if (File.Exists(word))
        {
            return [word];
        }

        if (Directory.Exists(word))
        {
            string[] inside = Images(word, RecursiveOptions);
            return inside.Length > 0 ? inside : throw new FocalSharpException($"{word}: no image in this folder ({string.Join(", ", Extensions)}).");
        }

        if (!word.AsSpan().ContainsAny('*', '?'))
        {
            throw new FocalSharpException($"{word}: there is no such file or folder.");
        }

        string[] found = Matches(word);
        return found.Length > 0 ? found : throw new FocalSharpException($"{word}: no image matches. Quote a glob, so that the shell leaves it alone.");
    }

    private static string[] Matches(string glob)
    {
        string[] parts = glob.Replace('\\', '/').Split('/');
        int literal = parts.TakeWhile(part => !part.AsSpan().ContainsAny('*', '?')).Count();
        string root = literal == 0 ? "." : string.Join('/', parts[..literal]) is { Length: > 0 } folder ? folder : "/";
        if (!Directory.Exists(root))
        {
            throw new FocalSharpException($"{glob}: there is no folder '{root}'.");
        }

        string expression = string.Join('/', parts[literal..].Select(Pattern)).Replace("**/", "(?:.*/)?", StringComparison.Ordinal);
        Regex pattern = new($"^{expression}$", RegexOptions.None, TimeSpan.FromSeconds(5));
        return [.. Images(root, RecursiveOptions).Where(path => pattern.IsMatch(Path.GetRelativePath(root, path).Replace('\\', '/')))];
    }

    private static string Pattern(string part) => part == "**"
        ? "**"
        : Regex.Escape(part).Replace("\\*", "[^/]*", StringComparison.Ordinal).Replace("\\?", "[^/]", StringComparison.Ordinal);

    private static string[] Images(string folder, EnumerationOptions options) =>
    [
        .. Directory.EnumerateFiles(folder, "*", options)
            .Where(path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal),
    ];
}
