using System.Text.Json;
using System.Text.Json.Serialization;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Sharding;

/// <summary>Writes and reads the results of a part as JSON; numbers are read back bit for bit.</summary>
internal static class PartFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IncludeFields = true, // of tuples
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // deviations and intervals may be infinite or NaN
    };

    /// <summary>Processes this process's part unless it is finished, and reads the parts of all processes.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="total">The number of images of all parts.</param>
    /// <param name="ui">The console.</param>
    /// <param name="process">Processes this process's part.</param>
    /// <returns>The parts in order, each read when it is needed; null if others are not finished, which is reported.</returns>
    /// <exception cref="FileException">The part cannot be written; while reading: a part cannot be read, or is damaged.</exception>
    public static IEnumerable<T>? Process<T>(WorkParts parts, int total, ConsoleUi ui, Func<T> process)
        where T : IPart
    {
        if (parts.IsFinished)
        {
            ui.Note(parts.DescribeFinished());
        }
        else
        {
            T results = process();
            parts.Save(stream => JsonSerializer.Serialize(stream, results, Options));
        }

        if (parts.FindAll() is { } finished)
        {
            return ReadAll<T>(finished, total);
        }

        ui.Line(parts.Describe());
        return null;
    }

    private static IEnumerable<T> ReadAll<T>(IReadOnlyList<string> paths, int total)
        where T : IPart
    {
        int count = 0;
        foreach (string path in paths)
        {
            T part = Read<T>(path);
            count += part.Count;
            if (count > total || (count < total && path == paths[^1]))
            {
                throw Damaged(path, $"with this part there are {count} images instead of {total}");
            }

            yield return part;
        }
    }

    private static T Read<T>(string path)
        where T : IPart
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            T part = JsonSerializer.Deserialize<T>(stream, Options) ?? throw new InvalidDataException("It is empty.");
            part.Validate();
            return part;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            throw Damaged(path, exception.Message, exception);
        }
    }

    private static FileException Damaged(string path, string why, Exception? inner = null) =>
        new($"{path}: cannot be read as the results of a part ({why.TrimEnd('.')}). Remove it and process this part again.", inner!) { Path = path };
}
