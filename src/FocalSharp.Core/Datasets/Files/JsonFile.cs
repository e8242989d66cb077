using System.Text;
using System.Text.Unicode;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Opens JSON files as UTF-8. Files in another encoding, which tools on Chinese or Japanese Windows have written, are converted, which is
/// reported if the encoding had to be guessed.
/// </summary>
internal static class JsonFile
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="log">Receives the guessed encoding; null to report nothing.</param>
    /// <param name="shown">The file as messages show it.</param>
    /// <exception cref="InvalidDataException">The file is not text.</exception>
    public static Stream Open(string path, ProblemLog? log = null, string shown = "")
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        if (file.Length > BoundedText.MaxListBytes)
        {
            return file; // such large files are the exports of servers, which write UTF-8
        }

        using (file)
        {
            byte[] bytes = new byte[file.Length];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (Utf8.IsValid(bytes.AsSpan(0, length)))
            {
                return new MemoryStream(bytes, 0, length);
            }

            (string text, string? guessed) = TextDecoder.Decode(bytes.AsSpan(0, length));
            log?.AddGuessedEncoding(guessed, shown);
            return new MemoryStream(Encoding.UTF8.GetBytes(text));
        }
    }
}
