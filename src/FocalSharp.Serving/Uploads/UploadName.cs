namespace FocalSharp.Serving.Uploads;

/// <summary>
/// A sent file name made fit for messages and answers. It is text to show, never a path: nothing that is uploaded is written
/// to a disk, and no name is opened.
/// </summary>
public static class UploadName
{
    private const int MaxLength = 100;

    /// <summary>The last segment of a name without control characters, at most 100 characters.</summary>
    /// <param name="sent">As the sender wrote it; may be null.</param>
    /// <param name="fallback">What to show where nothing remains.</param>
    public static string GetDisplayName(string? sent, string fallback)
    {
        string segment = (sent ?? "").Trim('"');
        segment = segment[(segment.LastIndexOfAny(['/', '\\']) + 1)..];
        return Sanitize(segment) is { Length: > 0 } name && name is not ("." or "..") ? name : fallback;
    }

    /// <summary>A sent text without control characters, at most 100 characters, for a message.</summary>
    internal static string Sanitize(string sent) => new string([.. sent.Where(IsDisplayable).Take(MaxLength)]).Trim();

    // Surrogates go too: a cut through a pair would leave half a character.
    private static bool IsDisplayable(char letter) => !char.IsControl(letter) && !char.IsSurrogate(letter)
        && char.GetUnicodeCategory(letter) is not System.Globalization.UnicodeCategory.Format;
}
