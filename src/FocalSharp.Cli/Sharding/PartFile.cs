using System.Text.Json;
using System.Text.Json.Serialization;

namespace FocalSharp.Cli.Sharding;

/// <summary>Writes and reads the results of a part as JSON; numbers are read back bit for bit.</summary>
internal static class PartFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // deviations and intervals may be infinite or NaN
    };

    /// <summary>Saves the results of this process's part.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static void Save<T>(WorkParts parts, T results) => parts.Save(stream => JsonSerializer.Serialize(stream, results, Options));

    /// <summary>Reads the results of a part.</summary>
    /// <param name="path">The file.</param>
    /// <param name="convert">Converts the results; it throws an <see cref="InvalidDataException"/> if they are damaged.</param>
    /// <exception cref="FileException">The file cannot be read, or is damaged.</exception>
    public static TResult Read<T, TResult>(string path, Func<T, TResult> convert)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Options) is { } results ? convert(results) : throw new InvalidDataException("It is empty.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            throw Damaged(path, exception.Message, exception);
        }
    }

    /// <summary>Returns the error of a part that cannot be used.</summary>
    public static FileException Damaged(string path, string why, Exception? inner = null) =>
        new($"{path}: cannot be read as the results of a part ({why.TrimEnd('.')}). Remove it and process this part again.", inner!) { Path = path };
}
