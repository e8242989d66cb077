using System.Text;

namespace FocalSharp.Checkpoints;

/// <summary>Prepares text from a file that nobody vouches for.</summary>
internal static class Untrusted
{
    private const int Longest = 120;

    /// <summary>The text cut to a readable length, control characters replaced, fit for a one-line message.</summary>
    public static string Show(string? text)
    {
        if (text is null)
        {
            return "?";
        }

        StringBuilder shown = new(Math.Min(text.Length, Longest) + 1);
        foreach (char character in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            shown.Append(char.IsControl(character) || char.IsSurrogate(character) ? '?' : character);
        }

        return text.Length > Longest ? shown.Append('…').ToString() : shown.ToString();
    }
}
