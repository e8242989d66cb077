using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp data</c>: the group of commands on data sets.</summary>
internal sealed class DataCommand : CliCommand
{
    private readonly HelpWithExamples _help;

    public DataCommand(ConsoleUi ui, HelpWithExamples help)
        : base(ui, "data", "Inspect data sets.")
    {
        _help = help;
        Examples = [new("focalsharp data check path/to/dataset", "statistics, problems and recommended settings")];
        Add(new DataCheckCommand(ui));
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        _help.Invoke(parsed);
        return Task.FromResult(ExitCodes.Usage);
    }
}
