using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>Creates options that take a duration.</summary>
internal static class DurationOption
{
    /// <summary>Creates an option.</summary>
    /// <param name="name">The name.</param>
    /// <param name="description">The help text.</param>
    public static Option<string?> Create(string name, string description)
    {
        Option<string?> option = new(name) { HelpName = "DURATION", Description = description };
        option.Validators.Add(result =>
        {
            foreach (string given in result.Tokens.Select(token => token.Value).Where(given => !Duration.TryParse(given, out _)))
            {
                result.AddError($"{name} takes a duration with a unit, such as 90s, 20m or 1h30m, not '{given}'.");
            }
        });
        return option;
    }
}
