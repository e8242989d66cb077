using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>The command line as a person would type it again.</summary>
internal static class CommandLine
{
    /// <summary><c>focalsharp …</c>, words with blanks or quotes in single quotes.</summary>
    public static string Format(ParseResult result) => Format(result.Tokens.Select(token => token.Value).Prepend("focalsharp"));

    /// <summary>Words of a command.</summary>
    public static string Format(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "-_./:=,+@%\\".Contains(letter, StringComparison.Ordinal))
            ? word
            : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
