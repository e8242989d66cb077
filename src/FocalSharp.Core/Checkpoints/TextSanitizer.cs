using System.Text;

namespace FocalSharp.Checkpoints;

/// <summary>Prepares untrusted text for messages.</summary>
internal static class TextSanitizer
{
    private const int MaxLength = 120;

    /// <summary>Returns the text shortened to a readable length, with control characters replaced, for a one-line message.</summary>
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
