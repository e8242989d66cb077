namespace FocalSharp.Serving;

/// <summary>
/// Reads API keys from an environment variable or a file. Command lines are visible to every user of a machine, so keys never come from there.
/// </summary>
internal static class ApiKeyFile
{
    /// <summary>The environment variable that contains one key.</summary>
    public const string EnvironmentVariable = "FOCALSHARP_API_KEY";

    private const int MaxLength = 64 << 10;

    /// <summary>Reads the keys of a file, one per line, so that an old and a new key can be valid at the same time; <c>#</c> starts a comment.</summary>
    /// <exception cref="FileException">The file cannot be read or contains no key.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        string[] lines;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxLength } file)
            {
                throw new FileException($"{path}: not a file of API keys, because it has {file.Length} bytes.");
            }

            lines = File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: the API keys cannot be read ({exception.Message}).", exception);
        }

        string[] keys = [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        return keys.Length > 0
            ? keys
            : throw new FileException($"{path}: contains no API key, so every request would be refused. Put one key on each line.");
    }

    /// <summary>Returns whether other users of this machine may read the file; false where files have no Unix mode.</summary>
    public static bool IsReadableByOthers(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None;

    /// <summary>Returns the keys of a file, if there is one, and the key of the environment variable, if it is set.</summary>
    /// <exception cref="FileException">The file cannot be read or contains no key.</exception>
    /// <exception cref="OptionException">The environment variable is empty.</exception>
    public static IReadOnlyList<string> Collect(string? path, string? variable) => variable is { Length: 0 }
        ? throw new OptionException($"{EnvironmentVariable} is set but empty. Set it to a key, or unset it to serve without keys.")
        : [.. path is null ? [] : Read(path), .. variable is null ? Array.Empty<string>() : [variable.Trim()]];
}
