using System.Text;

namespace FocalSharp.Datasets.Files;

/// <summary>Reads small text files, and refuses to fill the memory with large ones.</summary>
internal static class BoundedText
{
    /// <summary>Lists of images or labels: 64 MB hold a million long paths.</summary>
    public const long MaxListBytes = 64L << 20;

    /// <summary>Annotations of one image: far beyond any real one.</summary>
    public const long MaxAnnotationBytes = 16L << 20;

    /// <summary>The file's lines.</summary>
    /// <exception cref="InvalidDataException">The file is larger than allowed.</exception>
    public static string[] ReadLines(string path, long maxBytes = MaxListBytes) =>
        ReadText(path, maxBytes).ReplaceLineEndings("\n").Split('\n');

    /// <summary>The file's whole text.</summary>
    /// <exception cref="InvalidDataException">The file is larger than allowed.</exception>
    public static string ReadText(string path, long maxBytes)
    {
        CheckSize(path, maxBytes);
        return File.ReadAllText(path, Encoding.UTF8);
    }

    /// <summary>Throws where the file is larger than allowed.</summary>
    public static void CheckSize(string path, long maxBytes)
    {
        long length = new FileInfo(path).Length;
        if (length > maxBytes)
        {
            throw new InvalidDataException($"the file has {length:N0} bytes, more than the {maxBytes:N0} that are read");
        }
    }
}
