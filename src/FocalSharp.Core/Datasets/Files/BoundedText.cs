namespace FocalSharp.Datasets.Files;

/// <summary>Reads small text files, and rejects large ones.</summary>
internal static class BoundedText
{
    /// <summary>Maximum size of lists of images or labels: 64 MB contain a million long paths.</summary>
    public const long MaxListBytes = 64L << 20;

    /// <summary>Maximum size of the annotations of one image.</summary>
    public const long MaxAnnotationBytes = 16L << 20;

    /// <summary>Returns the lines of a file.</summary>
    /// <exception cref="InvalidDataException">The file is larger than allowed.</exception>
    public static string[] ReadLines(string path, long maxBytes = MaxListBytes) =>
        ReadText(path, maxBytes).ReplaceLineEndings("\n").Split('\n');

    /// <summary>Returns the text of a file.</summary>
    /// <exception cref="InvalidDataException">The file is larger than allowed.</exception>
    public static string ReadText(string path, long maxBytes)
    {
        CheckSize(path, maxBytes);
        return TextDecoder.Decode(File.ReadAllBytes(path)).Text;
    }

    /// <summary>Returns the encoding that had to be guessed for a file that was read before; null if it is certain.</summary>
    public static string? FindGuessedEncoding(string path) =>
        new FileInfo(path).Length <= MaxListBytes ? TextDecoder.Decode(File.ReadAllBytes(path)).Guessed : null;

    /// <summary>Returns the text of a file, and reports it if its encoding had to be guessed.</summary>
    /// <exception cref="InvalidDataException">The file is larger than allowed, or not text.</exception>
    public static string ReadText(string path, long maxBytes, Reading.ProblemLog log, string shown)
    {
        CheckSize(path, maxBytes);
        (string text, string? guessed) = TextDecoder.Decode(File.ReadAllBytes(path));
        log.AddGuessedEncoding(guessed, shown);
        return text;
    }

    /// <summary>Throws if a file is larger than allowed.</summary>
    public static void CheckSize(string path, long maxBytes)
    {
        long length = new FileInfo(path).Length;
        if (length > maxBytes)
        {
            throw new InvalidDataException($"the file has {length:N0} bytes; the maximum is {maxBytes:N0}");
        }
    }
}
