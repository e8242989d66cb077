using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>Creates options that take one of a few words.</summary>
internal static class ChoiceOption
{
    /// <summary>Creates an option. Its help lists the words; an unknown word is an error that suggests the nearest one.</summary>
    public static Option<string?> Create(string name, string description, params string[] words)
    {
        Option<string?> option = new(name) { HelpName = string.Join('|', words), Description = description };
        option.Validators.Add(result =>
        {
            foreach (string given in result.Tokens.Select(token => token.Value).Where(given => !words.Contains(given, StringComparer.Ordinal)))
            {
                result.AddError(RenamedOptions.FindValue(name, given) is { } renamed
                    ? $"'{name} {given}' was renamed to '{name} {renamed}'."
                    : $"{name} takes {FormatList(words)}, not '{given}'.{Suggestions.DidYouMean(given, words)}");
            }
        });
        option.CompletionSources.Add(words);
        return option;
    }

    private static string FormatList(string[] words) => $"{string.Join(", ", words[..^1])} or {words[^1]}";
}
