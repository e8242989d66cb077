using System.Text.RegularExpressions;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Cli.Prediction;

/// <summary>Expands files, folders and glob patterns to image files.</summary>
internal static partial class PredictInputs
{
    private const int MaxNamed = 3;
    private static readonly EnumerationOptions RecursiveOptions = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    /// <summary>Returns the image files, without duplicates, in the order of the inputs and by name within an input.</summary>
    /// <param name="inputs">Files, folders and patterns.</param>
    /// <param name="skipped">Receives the files of folders that are not images; null to ignore them.</param>
    /// <exception cref="FileException">An input does not exist or is a video, or a folder or pattern contains no image.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> inputs, ICollection<string>? skipped = null) =>
        [.. inputs.SelectMany(input => Expand(input, skipped)).DistinctBy(Path.GetFullPath)];

    /// <summary>Returns one sentence about skipped files.</summary>
    public static string DescribeSkipped(IReadOnlyCollection<string> skipped)
    {
        string names = string.Join(", ", skipped.Take(MaxNamed).Select(Path.GetFileName));
        string more = skipped.Count > MaxNamed ? ", …" : "";
        return $"Skipped {skipped.Count} {(skipped.Count == 1 ? "file that is not an image" : "files that are not images")}: {names}{more}";
    }

    private static IEnumerable<string> Expand(string input, ICollection<string>? skipped)
    {
        if (File.Exists(input))
        {
            return IsVideo(input) ? throw CreateVideoException(input, "is a video") : [input];
        }

        if (Directory.Exists(input))
        {
            string[] inside = FindImages(input, skipped);
            return inside.Length > 0 ? inside : throw new FileException($"{input}: the folder contains no images ({string.Join(", ", ImageFiles.Extensions)}).");
        }

        if (StreamPattern.IsMatch(input))
        {
            throw CreateVideoException(input, "names a camera or a stream");
        }

        if (!input.AsSpan().ContainsAny('*', '?'))
        {
            throw new FileException($"{input}: no such file or folder.{NearbyPaths.DidYouMean(input)}");
        }

        string[] found = FindMatches(input);
        return found.Length > 0 ? found : throw new FileException($"{input}: no image matches. Quote glob patterns, so that the shell does not expand them.");
    }

    private static FileException CreateVideoException(string input, string what) => new(
        $"{input}: {what}, but only images are read. Extract the frames first, for example with: ffmpeg -i INPUT frames/%05d.jpg");

    private static bool IsVideo(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            Span<byte> head = stackalloc byte[64];
            return ContentSignature.IsVideo(head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // decoding reports it
        }
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
        return [.. FindImages(root, null).Where(path => pattern.IsMatch(Path.GetRelativePath(root, path).Replace('\\', '/')))];
    }

    private static string ToRegex(string part) => part == "**"
        ? "**"
        : Regex.Escape(part).Replace("\\*", "[^/]*", StringComparison.Ordinal).Replace("\\?", "[^/]", StringComparison.Ordinal);

    private static string[] FindImages(string folder, ICollection<string>? skipped)
    {
        List<string> images = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*", RecursiveOptions).Order(StringComparer.Ordinal))
        {
            if (ImageFiles.IsImage(path))
            {
                images.Add(path);
            }
            else
            {
                skipped?.Add(path);
            }
        }

        return [.. images];
    }

    [GeneratedRegex(@"^(\d{1,2}|/dev/video\d+|(rtsps?|rtmp|https?|udp|tcp|rtp)://.*)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex StreamPattern { get; }
}
