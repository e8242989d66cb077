using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>Formats command lines so that they can be pasted into a shell.</summary>
internal static class CommandLine
{
    /// <summary>Returns the command line that was typed, beginning with <c>focalsharp</c>.</summary>
    public static string Format(ParseResult result) => Format(result.Tokens.Select(token => token.Value).Prepend("focalsharp"));

    /// <summary>Returns words as a command line; words with blanks or special characters are in single quotes.</summary>
    public static string Format(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>Returns a word, in single quotes if it has blanks or special characters.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "-_./:=,+@%\\".Contains(letter, StringComparison.Ordinal))
            ? word
            : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
