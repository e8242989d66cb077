using System.Text;

namespace FocalSharp.Checkpoints;

/// <summary>Prepares text from a file that nobody vouches for.</summary>
internal static class TextSanitizer
{
    private const int MaxLength = 120;

    /// <summary>The text cut to a readable length, control characters replaced, fit for a one-line message.</summary>
    public static string Sanitize(string? text)
    {
        if (text is null)
        {
            return "?";
        }

        StringBuilder shown = new(Math.Min(text.Length, MaxLength) + 1);
        foreach (char character in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            shown.Append(char.IsControl(character) || char.IsSurrogate(character) ? '?' : character);
        }

        return text.Length > MaxLength ? shown.Append('…').ToString() : shown.ToString();
    }
}
