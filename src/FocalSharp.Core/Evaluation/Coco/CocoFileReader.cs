using System.Text.Json;

namespace FocalSharp.Evaluation.Coco;

/// <summary>Opens COCO files.</summary>
internal static class CocoFileReader
{
    public delegate T ReadContent<T>(ref CocoJsonCursor cursor);

    /// <summary>Reads a file in one pass, token by token.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads the content.</param>
    public static T Read<T>(string path, ReadContent<T> read) => Open(path, stream =>
    {
        CocoJsonCursor cursor = new(path, stream);
        try
        {
            return read(ref cursor);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw cursor.CreateMalformedError(exception);
        }
    });

    /// <summary>Opens a file and reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads the stream.</param>
    /// <exception cref="FileException">The file is missing or cannot be read.</exception>
    public static T Open<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new FileException($"{path}: is a folder. Pass a COCO JSON file.") { Path = path };
            }

            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            return read(stream);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileException($"{path}: no such file. Pass the path of a COCO JSON file.", exception) { Path = path };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: cannot be read ({exception.Message}). Pass a readable COCO JSON file.", exception) { Path = path };
        }
    }
}
