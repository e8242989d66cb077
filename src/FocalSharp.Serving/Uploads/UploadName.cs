namespace FocalSharp.Serving.Uploads;

/// <summary>
/// Sanitizes the file name of an upload for messages and responses. It is never used as a path.
/// </summary>
internal static class UploadName
{
    private const int MaxLength = 100;

    /// <summary>Returns the last segment of a name without control characters, at most 100 characters.</summary>
    /// <param name="sent">The name as sent; may be null.</param>
    /// <param name="fallback">The result if nothing remains.</param>
    public static string GetDisplayName(string? sent, string fallback)
    {
        string segment = (sent ?? "").Trim('"');
        segment = segment[(segment.LastIndexOfAny(['/', '\\']) + 1)..];
        return Sanitize(segment) is { Length: > 0 } name && name is not ("." or "..") ? name : fallback;
    }

    /// <summary>Returns a text of the client without control characters, at most 100 characters, for a message.</summary>
    internal static string Sanitize(string sent) => new string([.. sent.Where(IsDisplayable).Take(MaxLength)]).Trim();

    // Surrogates are removed too: cutting a pair would leave half a character.
    private static bool IsDisplayable(char letter) => !char.IsControl(letter) && !char.IsSurrogate(letter)
        && char.GetUnicodeCategory(letter) is not System.Globalization.UnicodeCategory.Format;
}
