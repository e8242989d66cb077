using System.CommandLine;
using System.CommandLine.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Parsing;

/// <summary>
/// A command of the tool. A derived class declares the options with their defaults, checks their combination, and runs, all in one file
/// under <c>Commands</c>.
/// </summary>
internal abstract class CliCommand : Command
{
    /// <summary>Initializes a command.</summary>
    /// <param name="ui">The console to write to.</param>
    /// <param name="name">The word that is typed.</param>
    /// <param name="summary">One line for the list of commands.</param>
    protected CliCommand(ConsoleUi ui, string name, string summary)
        : base(name, summary)
    {
        Ui = ui;
        SetAction(RunAsync);
    }

    /// <summary>Gets the details shown below the options in the help text; may be empty.</summary>
    public string Details { get; protected init; } = "";

    /// <summary>Gets the command lines shown at the end of the help text.</summary>
    public IReadOnlyList<Example> Examples { get; protected init; } = [];

    /// <summary>Gets a value indicating whether Ctrl-C is the normal way to end the command, so that it exits with success.</summary>
    public bool RunsUntilStopped { get; protected init; }

    /// <summary>Gets the console to write to.</summary>
    protected ConsoleUi Ui { get; }

    /// <summary>Adds arguments and options in the order of the help text.</summary>
    protected void AddSymbols(params ReadOnlySpan<Symbol> symbols)
    {
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                Add(argument);
            }
            else
            {
                Add((Option)symbol);
            }
        }
    }

    /// <summary>Returns what is wrong with the combination of arguments and options. Each value is valid by itself.</summary>
    /// <param name="result">The parsed command.</param>
    public virtual IEnumerable<string> Validate(CommandResult result) => [];

    /// <summary>Runs the command and returns one of <see cref="ExitCodes"/>.</summary>
    /// <param name="parsed">The command line, free of errors.</param>
    /// <param name="cancellationToken">Canceled by Ctrl-C.</param>
    protected abstract Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken);
}
