using System.CommandLine;
using System.CommandLine.Completions;

namespace FocalSharp.Cli.Completion;

/// <summary>A command as completion scripts need it.</summary>
/// <param name="Path">The words that lead to it, for example <c>data check</c>; empty for the tool itself.</param>
/// <param name="Commands">Its subcommands, with one line each.</param>
/// <param name="Options">Its options.</param>
/// <param name="TakesFiles">Whether it takes arguments, which are completed as files.</param>
internal sealed record CompletionNode(
    string Path, IReadOnlyList<(string Name, string Description)> Commands, IReadOnlyList<CompletionOption> Options, bool TakesFiles);

/// <summary>An option as completion scripts need it.</summary>
/// <param name="Names">Its names, the long one first.</param>
/// <param name="Description">One line.</param>
/// <param name="TakesValue">Whether a value follows.</param>
/// <param name="Values">The values that it takes; empty for any, which are completed as files.</param>
internal sealed record CompletionOption(IReadOnlyList<string> Names, string Description, bool TakesValue, IReadOnlyList<string> Values);

/// <summary>Describes the tool's commands and options for completion scripts, from their declarations.</summary>
internal static class CompletionTree
{
    /// <summary>Returns the tool and every command below it.</summary>
    public static IReadOnlyList<CompletionNode> Create(Command root) => [.. Walk(root, "", [])];

    private static IEnumerable<CompletionNode> Walk(Command command, string path, IReadOnlyList<Option> inherited)
    {
        Option[] own = [.. command.Options.Where(option => !option.Hidden)];
        Command[] children = [.. command.Subcommands.Where(child => !child.Hidden)];
        yield return new CompletionNode(
            path,
            [.. children.Select(child => (child.Name, FirstLine(child.Description)))],
            [.. own.Concat(inherited).DistinctBy(option => option.Name).Select(Describe)],
            command.Arguments.Count > 0);
        Option[] passed = [.. inherited, .. own.Where(option => option.Recursive)];
        foreach (CompletionNode node in children.SelectMany(child => Walk(child, path.Length == 0 ? child.Name : $"{path} {child.Name}", passed)))
        {
            yield return node;
        }
    }

    private static CompletionOption Describe(Option option)
    {
        bool takesValue = option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);
        return new CompletionOption(
            [.. option.Aliases.Prepend(option.Name).Distinct().Where(name => name.StartsWith('-')).OrderByDescending(name => name.Length)],
            FirstLine(option.Description),
            takesValue,
            takesValue ? [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label).Where(IsPlain)] : []);
    }

    // A word that no shell interprets.
    private static bool IsPlain(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string FirstLine(string? text) => (text ?? "").Split('\n', 2)[0].Trim();
}
