using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models.Catalog;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp models path</c>: prints the path of a downloaded model's weights.</summary>
internal sealed class ModelsPathCommand : CliCommand
{
    private readonly Argument<string> _name = ModelsCommand.CreateNameArgument();

    public ModelsPathCommand(ConsoleUi ui)
        : base(ui, "path", "Print the path of a downloaded model's weights.")
    {
        Details = "Only the path is written to stdout, for scripts. The file is verified first.";
        Examples = [new("cp \"$(focalsharp models path nanodet-g-coco)\" .", "copy the weights to the current folder")];
        Add(_name);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ModelStore store = new();
        Ui.Raw(store.Open(store.Get(parsed.GetRequiredValue(_name))).Path + "\n");
        return Task.FromResult(ExitCodes.Success);
    }
}
