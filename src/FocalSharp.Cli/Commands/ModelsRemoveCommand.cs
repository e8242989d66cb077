using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models.Catalog;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp models remove</c>: deletes a model from the cache.</summary>
internal sealed class ModelsRemoveCommand : CliCommand
{
    private readonly Argument<string> _name = ModelsCommand.CreateNameArgument();

    public ModelsRemoveCommand(ConsoleUi ui)
        : base(ui, "remove", "Delete a model from the cache.")
    {
        Details = "The model can be downloaded again at any time.";
        Examples = [new("focalsharp models remove gfl-r101-2x-coco", "free its disk space")];
        Add(_name);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ModelStore store = new();
        ModelEntry entry = store.Get(parsed.GetRequiredValue(_name));
        if (store.Remove(entry))
        {
            Ui.Success($"{entry.Name} is removed from {store.Folder}");
        }
        else
        {
            Ui.Line($"{entry.Name} is not in {store.Folder}");
        }

        return Task.FromResult(ExitCodes.Success);
    }
}
