namespace FocalSharp.Datasets.Files;

/// <summary>Reads the first line of a table, by which its format is recognized.</summary>
internal static class CsvHeader
{
    private const int MaxLength = 4096;

    /// <summary>Returns the column names, in lower case; null if the file cannot be read.</summary>
    public static IReadOnlyList<string>? TryRead(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, MaxLength);
            byte[] head = new byte[MaxLength];
            int length = stream.ReadAtLeast(head, MaxLength, throwOnEndOfStream: false);
            bool wide = head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
            string text = System.Text.Encoding.Latin1.GetString(head, 0, length).TrimStart('\u00EF', '\u00BB', '\u00BF', '\u00FF', '\u00FE');
            using StringReader reader = new((wide ? text.Replace("\0", "", StringComparison.Ordinal) : text).TrimStart().Split('\n')[0]);
            return [.. new CsvTable(reader).Columns.Select(name => name.ToLowerInvariant())];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }
}
