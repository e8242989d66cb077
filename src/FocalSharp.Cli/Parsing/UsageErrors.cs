using System.CommandLine;
using System.CommandLine.Parsing;

namespace FocalSharp.Cli.Parsing;

/// <summary>Describes what is wrong with a command line and how to correct it.</summary>
internal static class UsageErrors
{
    /// <summary>Returns the error messages, the most specific first; empty if the command line is correct.</summary>
    public static IReadOnlyList<string> Find(ParseResult result)
    {
        Command command = result.CommandResult.Command;
        if (FindMissingValue(result) is { } missing)
        {
            return [missing];
        }

        if (FindUnknownTokens(result).FirstOrDefault() is { } unknown)
        {
            return [DescribeUnknown(unknown, command)];
        }

        return result.Errors.Count > 0
            ? [.. result.Errors.Select(Describe).Distinct()]
            : [.. FindEmptyValues(result.CommandResult), .. (command as CliCommand)?.Validate(result.CommandResult) ?? []];
    }

    // The parser takes the word after an option as its value even if that word is another option.
    private static string? FindMissingValue(ParseResult result)
    {
        HashSet<string> known = [.. OptionNames(result.CommandResult.Command)];
        foreach (OptionResult option in result.CommandResult.Children.OfType<OptionResult>())
        {
            if (option.Tokens.FirstOrDefault(token => known.Contains(token.Value)) is { } next)
            {
                return $"{DescribeMissingValue(option.Option)}, but is followed by '{next.Value}'.";
            }
        }

        return null;
    }

    private static string DescribeMissingValue(Option option) => $"{option.Name} needs a value{(option.HelpName is { } unit ? $" ({unit})" : "")}";

    // The parser passes an unknown option to whichever argument still takes words: it must not become a file name.
    private static IEnumerable<string> FindUnknownTokens(ParseResult result)
    {
        HashSet<string> escaped = [.. result.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value)];
        IEnumerable<string> optionLike = result.CommandResult.Children.SelectMany(child => child.Tokens)
            .Where(token => token.Type == TokenType.Argument && (LooksLikeOption(token.Value) || UnsupportedTasks.IsAssignment(token.Value)) && !escaped.Contains(token.Value))
            .Select(token => token.Value);
        return result.UnmatchedTokens.Concat(optionLike);
    }

    private static bool LooksLikeOption(string word) =>
        word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && word[1] != '.';

    private static string DescribeUnknown(string word, Command command)
    {
        if (LooksLikeOption(word))
        {
            string name = word.Split('=', ':')[0];
            return UnsupportedTasks.FindOption(name) is { } task ? task : RenamedOptions.Find(name, command) is { } renamed
                ? $"'{name}' was renamed to '{renamed}'."
                : $"There is no option '{name}'.{Suggestions.DidYouMean(name, OptionNames(command))}";
        }

        return UnsupportedTasks.FindWord(word) is { } unsupported ? unsupported : command.Subcommands.Count > 0
            ? $"There is no command '{word}'.{Suggestions.DidYouMean(word, command.Subcommands.Select(subcommand => subcommand.Name))}"
            : $"Unexpected argument '{word}'.";
    }

    private static string Describe(ParseError error) => error.SymbolResult switch
    {
        OptionResult option when option.Option.Arity.MaximumNumberOfValues == 1 && option.Tokens.Count > 1 => DescribeRepeated(option),
        OptionResult { Tokens: [] } option when option.Option.Arity.MinimumNumberOfValues > 0 => DescribeMissingValue(option.Option) + ".",
        ArgumentResult { Tokens: [] } argument => DescribeMissing(argument.Argument),
        CommandResult command when FindMissingArgument(command) is { } argument => DescribeMissing(argument),
        _ => error.Message,
    };

    private static string DescribeRepeated(OptionResult option)
    {
        string given = string.Join(", ", option.Tokens.Select(token => $"'{token.Value}'"));
        string compare = option.Option.Name == "--dt" ? " Compare two results files with --against." : "";
        return $"{option.Option.Name} takes one value, but has {option.Tokens.Count}: {given}.{compare}";
    }

    private static string DescribeMissing(Argument argument) => $"{argument.Name} is missing: {argument.Description}.";

    private static Argument? FindMissingArgument(CommandResult command) => command.Command.Arguments.FirstOrDefault(
        argument => argument.Arity.MinimumNumberOfValues > 0 && command.GetResult(argument) is null or { Tokens.Count: 0 });

    private static IEnumerable<string> OptionNames(Command command) => WithAncestors(command)
        .SelectMany(owner => owner.Options.Where(option => owner == command || option.Recursive))
        .Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name));

    private static IEnumerable<Command> WithAncestors(Command command)
    {
        yield return command;
        foreach (Command parent in command.Parents.OfType<Command>().SelectMany(WithAncestors))
        {
            yield return parent;
        }
    }

    // An empty value is an empty variable of the shell, and would be noticed only after the work.
    private static IEnumerable<string> FindEmptyValues(CommandResult result) => result.Children.OfType<OptionResult>()
        .Where(option => option.Tokens.Any(token => token.Value.Length == 0))
        .Select(option => $"{option.Option.Name} needs a value that is not empty.");
}
