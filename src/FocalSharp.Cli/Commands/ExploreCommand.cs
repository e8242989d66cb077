using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Explorer;
using FocalSharp.Explorer.Detections;
using FocalSharp.Explorer.Export;
using FocalSharp.Explorer.Losses;
using FocalSharp.Explorer.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Serving.Hosting;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp explore</c>: serves a local web app, or exports its loss pages.</summary>
internal sealed class ExploreCommand : CliCommand
{
    private readonly Argument<string?> _source = new("RUN")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A run folder, a folder of runs, a weights or ONNX file, or the name of a published model [default: runs]",
    };

    private readonly Option<string?> _data = new("--data")
    {
        HelpName = "DATA",
        Description = "Data set to show [default: the one the run was evaluated on]",
    };

    private readonly Option<string> _host = new("--host")
    {
        HelpName = "ADDRESS",
        Description = "Address to listen on; '*' opens the explorer to the network",
        DefaultValueFactory = _ => "localhost",
    };

    private readonly Option<int> _port = NumberOption.Create("--port", "N", "Port to listen on; 0 chooses a free one", 0, 65535, ExplorerOptions.DefaultPort);
    private readonly Option<string?> _export = new("--export")
    {
        HelpName = "DIR",
        Description = "Write the loss pages as a folder for any static host and exit; with RUN, also a page that runs the model in the browser",
    };

    private readonly Option<string?> _siteUrl = new("--site-url")
    {
        HelpName = "URL",
        Description = "Address that the exported folder will have, for the pictures of link previews",
    };

    public ExploreCommand(ConsoleUi ui)
        : base(ui, "explore", "Start a local web app to explore the losses and a model's detections.")
    {
        RunsUntilStopped = true;
        Details = "Listens on this machine only unless --host is given, and loads nothing from the internet. Stop it with Ctrl-C.";
        Examples =
        [
            new("focalsharp explore", "interactive pages of the losses"),
            new("focalsharp explore runs/demo", "a run too: its detections, edge uncertainties and calibration"),
            new("focalsharp explore --export pages", "the loss pages as a folder for any static host"),
            new("focalsharp explore runs/demo --export pages", "a page that runs the model in the browser too"),
        ];
        _port.Aliases.Add("-p");
        AddSymbols(_source, _data, _host, _port, _export, _siteUrl);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using DetectionPages detections = CreateDetectionPages(parsed.GetValue(_source), parsed.GetValue(_data));
        if (parsed.GetValue(_export) is { } folder)
        {
            Export(folder, [new LossPages()], parsed.GetValue(_source), ParseAddress(parsed.GetValue(_siteUrl)));
            return ExitCodes.Success;
        }

        ExplorerOptions options = new() { Address = ListenAddress.Parse(parsed.GetRequiredValue(_host)), Port = parsed.GetValue(_port) };
        await using ExplorerHost host = await ExplorerHost.StartAsync(options, [new LossPages(detections.Catalog), detections], cancellationToken);
        if (!options.IsLoopback)
        {
            Ui.Warn($"Listening on {options.Address}: everyone who can reach this machine over the network can use the explorer without a password.");
        }

        Ui.Success($"The explorer is running at {host.Address}");
        Ui.Dim("Press Ctrl-C to stop.");
        await host.RunAsync(cancellationToken);
        return ExitCodes.Success;
    }

    private void Export(string folder, IReadOnlyList<IExplorerFeature> features, string? source, Uri? address)
    {
        BrowserModel? model = source is null ? null : BrowserModel.Load(Path.Exists(source) ? source : ModelZoo.Resolve(source), SuggestedCommands.ExplorerHints);
        IReadOnlyList<string> files = StaticExport.Write(folder, features, model, address);
        Ui.Success($"{files.Count} pages written to {folder}");
        Ui.Dim(model is null
            ? $"Open {files[0]} in a browser, or copy the folder to any web server."
            : $"Copy the folder to any web server, or try it: python3 -m http.server --directory {folder}");
    }

    // A folder: relative addresses replace the last segment of one without a slash.
    private static Uri? ParseAddress(string? text) => text is null
        ? null
        : Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address
            : throw new OptionException($"--site-url {text}: not an address such as https://example.org/gfl") { OptionName = "site-url" };

    private static DetectionPages CreateDetectionPages(string? source, string? data)
    {
        if (data is not null && !Path.Exists(data))
        {
            throw new DatasetException($"--data {data}: the data set does not exist. Pass its folder or file.");
        }

        // A folder of runs is not a model; everything else is what other commands take as a model.
        string? model = source is null || Path.Exists(source) ? source : ModelZoo.Resolve(source);
        return new DetectionPages(new ExplorerModelCatalog(model, data) { Hints = SuggestedCommands.ExplorerHints });
    }
}
