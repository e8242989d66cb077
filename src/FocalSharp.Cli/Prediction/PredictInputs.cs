using System.Text.RegularExpressions;

namespace FocalSharp.Cli.Prediction;

/// <summary>Expands files, folders and glob patterns to image files.</summary>
internal static class PredictInputs
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif"];
    private static readonly EnumerationOptions RecursiveOptions = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    /// <summary>Returns the image files, without duplicates, in the order of the inputs and by name within an input.</summary>
    /// <exception cref="FileException">An input does not exist, or a folder or pattern contains no image.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> inputs) => [.. inputs.SelectMany(Expand).DistinctBy(Path.GetFullPath)];

    private static IEnumerable<string> Expand(string input)
    {
        if (File.Exists(input))
        {
            return [input];
        }

        if (Directory.Exists(input))
        {
            string[] inside = FindImages(input);
            return inside.Length > 0 ? inside : throw new FileException($"{input}: the folder contains no images ({string.Join(", ", Extensions)}).");
        }

        if (!input.AsSpan().ContainsAny('*', '?'))
        {
            throw new FileException($"{input}: no such file or folder.");
        }

        string[] found = FindMatches(input);
        return found.Length > 0 ? found : throw new FileException($"{input}: no image matches. Quote glob patterns, so that the shell does not expand them.");
    }

    private static string[] FindMatches(string glob)
    {
        string[] parts = glob.Replace('\\', '/').Split('/');
        int literal = parts.TakeWhile(part => !part.AsSpan().ContainsAny('*', '?')).Count();
        string root = literal == 0 ? "." : string.Join('/', parts[..literal]) is { Length: > 0 } folder ? folder : "/";
        if (!Directory.Exists(root))
        {
            throw new FileException($"{glob}: the folder '{root}' does not exist.");
        }

        string expression = string.Join('/', parts[literal..].Select(ToRegex)).Replace("**/", "(?:.*/)?", StringComparison.Ordinal);
        Regex pattern = new($"^{expression}$", RegexOptions.None, TimeSpan.FromSeconds(5));
        return [.. FindImages(root).Where(path => pattern.IsMatch(Path.GetRelativePath(root, path).Replace('\\', '/')))];
    }

    private static string ToRegex(string part) => part == "**"
        ? "**"
        : Regex.Escape(part).Replace("\\*", "[^/]*", StringComparison.Ordinal).Replace("\\?", "[^/]", StringComparison.Ordinal);

    private static string[] FindImages(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", RecursiveOptions)
            .Where(path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal),
    ];
}
