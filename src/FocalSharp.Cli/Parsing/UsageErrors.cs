using System.CommandLine;
using System.CommandLine.Parsing;

namespace FocalSharp.Cli.Parsing;

/// <summary>What is wrong with a command line, said so that the next try succeeds.</summary>
internal static class UsageErrors
{
    /// <summary>Messages, most telling first; empty where the command line is fine.</summary>
    public static IReadOnlyList<string> Find(ParseResult result)
    {
        Command command = result.CommandResult.Command;
        string[] unknown = [.. UnknownTokens(result).Distinct()];
        if (unknown.Length > 0)
        {
            return [Describe(unknown[0], command)];
        }

        // What remains are missing and unreadable values.
        return [.. result.Errors.Select(Describe)];
    }

    // The parser hands an unknown option to whichever argument still takes words: it must not become a file name.
    private static IEnumerable<string> UnknownTokens(ParseResult result)
    {
        HashSet<string> escaped = [.. result.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value)];
        IEnumerable<Token> taken = result.CommandResult.Children.SelectMany(child => child.Tokens);
        IEnumerable<string> optionLike = taken
            .Where(token => token.Type == TokenType.Argument && LooksLikeOption(token.Value) && !escaped.Contains(token.Value))
            .Select(token => token.Value);
        return result.UnmatchedTokens.Concat(optionLike);
    }

    private static bool LooksLikeOption(string word) =>
        word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && word[1] != '.';

    private static string Describe(string word, Command command)
    {
        if (LooksLikeOption(word))
        {
            string name = word.Split('=', ':')[0];
            IEnumerable<string> options = WithAncestors(command).SelectMany(owner => owner.Options.Where(option => owner == command || option.Recursive))
                .Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name));
            return $"There is no option '{name}'.{Suggestions.DidYouMean(name, options)}";
        }

        return command.Subcommands.Count > 0
            ? $"There is no command '{word}'.{Suggestions.DidYouMean(word, command.Subcommands.Select(verb => verb.Name))}"
            : $"'{word}' is one word too many.";
    }

    private static string Describe(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Tokens: [var given] } option
            when DescribeType(option.Option.ValueType) is { } kind && error.Message.StartsWith("Cannot parse", StringComparison.Ordinal) =>
            $"{option.Option.Name} takes {kind}, not '{given.Value}'.",
        ArgumentResult { Tokens: [] } argument => $"{argument.Argument.Name} is missing: {argument.Argument.Description}.",
        CommandResult command when FirstMissing(command) is { } argument => $"{argument.Name} is missing: {argument.Description}.",
        _ => error.Message,
    };

    private static Argument? FirstMissing(CommandResult command) => command.Command.Arguments.FirstOrDefault(
        argument => argument.Arity.MinimumNumberOfValues > 0 && command.GetResult(argument) is null or { Tokens.Count: 0 });

    private static string? DescribeType(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        Type whole when whole == typeof(int) || whole == typeof(long) => "a whole number",
        Type real when real == typeof(double) || real == typeof(float) => "a number",
        _ => null,
    };

    private static IEnumerable<Command> WithAncestors(Command command)
    {
        yield return command;
        foreach (Command parent in command.Parents.OfType<Command>().SelectMany(WithAncestors))
        {
            yield return parent;
        }
    }
}
