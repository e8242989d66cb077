using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>Creates the option <c>--time</c>.</summary>
internal static class DurationOption
{
    /// <summary>Creates the option.</summary>
    /// <param name="description">The help text.</param>
    public static Option<string?> Create(string description)
    {
        Option<string?> option = new("--time") { HelpName = "DURATION", Description = description };
        option.Validators.Add(result =>
        {
            foreach (string given in result.Tokens.Select(token => token.Value).Where(given => !Duration.TryParse(given, out _)))
            {
                result.AddError($"--time takes a duration with a unit, such as 90s, 20m or 1h30m, not '{given}'.");
            }
        });
        return option;
    }
}
