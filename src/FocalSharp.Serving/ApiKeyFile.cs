namespace FocalSharp.Serving;

/// <summary>
/// Where API keys come from: an environment variable or a file, never the command line, which every user of a machine can read.
/// </summary>
public static class ApiKeyFile
{
    /// <summary>The environment variable that holds one key.</summary>
    public const string EnvironmentVariable = "FOCALSHARP_API_KEY";

    private const int MaxLength = 64 << 10;

    /// <summary>The keys of a file, one a line, so that an old and a new one can be valid at once; <c>#</c> begins a comment.</summary>
    /// <exception cref="FocalSharpException">The file cannot be read, or holds no key.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        string[] lines;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxLength } file)
            {
                throw new FocalSharpException($"{path}: is {file.Length} bytes long, which is no file of API keys.");
            }

            lines = File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FocalSharpException($"{path}: the API keys cannot be read ({exception.Message}).", exception);
        }

        string[] keys = [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        return keys.Length > 0
            ? keys
            : throw new FocalSharpException($"{path}: holds no API key, so nobody could be let in. Write one a line.");
    }

    /// <summary>The keys of a file, if one is named, and that of the environment, if it is set.</summary>
    /// <exception cref="FocalSharpException">The file cannot be read or holds no key, or the variable is set to nothing.</exception>
    public static IReadOnlyList<string> Collect(string? path, string? variable) => variable is { Length: 0 }
        ? throw new FocalSharpException($"{EnvironmentVariable} is set but empty. Give it a key, or unset it to serve without one.")
        : [.. path is null ? [] : Read(path), .. variable is null ? Array.Empty<string>() : [variable.Trim()]];
}
