using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>Options that take one of a few words.</summary>
internal static class ChoiceOption
{
    /// <summary>Makes an option whose help lists the words and whose error suggests the nearest.</summary>
    public static Option<string?> Create(string name, string description, params string[] words)
    {
        Option<string?> option = new(name) { HelpName = string.Join('|', words), Description = description };
        option.Validators.Add(result =>
        {
            foreach (string given in result.Tokens.Select(token => token.Value).Where(given => !words.Contains(given, StringComparer.Ordinal)))
            {
                result.AddError($"{name} takes {FormatList(words)}, not '{given}'.{Suggestions.DidYouMean(given, words)}");
            }
        });
        option.CompletionSources.Add(words);
        return option;
    }

    private static string FormatList(string[] words) => $"{string.Join(", ", words[..^1])} or {words[^1]}";
}
