using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>A command with a fuller text and examples in its help.</summary>
/// <param name="name">The word that is typed.</param>
/// <param name="summary">One line, shown in the list of verbs too.</param>
/// <param name="details">What else a newcomer should know; may be empty.</param>
/// <param name="examples">Command lines to try.</param>
internal sealed class Verb(string name, string summary, string details, params Example[] examples) : Command(name, summary)
{
    /// <summary>What else a newcomer should know; may be empty.</summary>
    public string Details { get; } = details;

    /// <summary>Command lines to try, shown at the end of the help text.</summary>
    public IReadOnlyList<Example> Examples { get; } = examples;

    /// <summary>True where being stopped is how it ends, so that Ctrl-C is no failure.</summary>
    public bool RunsUntilStopped { get; set; }
}
