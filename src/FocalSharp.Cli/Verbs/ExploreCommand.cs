using FocalSharp.Cli.Terminal;
using FocalSharp.Explorer;
using FocalSharp.Explorer.Detections;
using FocalSharp.Explorer.Export;
using FocalSharp.Explorer.Losses;
using FocalSharp.Explorer.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Serving;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>explore</c>.</summary>
internal static class ExploreCommand
{
    /// <summary>Serves until cancelled, or exports, and returns the exit code.</summary>
    public static async Task<int> RunAsync(ExploreRequest request, ConsoleUi ui, CancellationToken cancellationToken)
    {
        using DetectionPages detections = Detections(request);
        IReadOnlyList<IExplorerFeature> features = [new LossPages(), detections];
        if (request.Export is { } folder)
        {
            IReadOnlyList<string> files = StaticExport.Write(folder, features);
            ui.Success($"{files.Count} pages written to {folder}");
            ui.Dim($"Open {files[0]} in a browser; each page is complete in itself.");
            return ExitCodes.Success;
        }

        ExplorerOptions options = new() { Address = ListenAddress.Parse(request.Host), Port = request.Port };
        await using ExplorerHost host = await ExplorerHost.StartAsync(options, features, cancellationToken);
        if (!options.IsLoopback)
        {
            ui.Warn($"Listening on {options.Address}: whoever reaches this machine over the network can use the explorer, without a password.");
        }

        ui.Success($"The explorer is at {host.Address}");
        ui.Dim("Ctrl-C ends it.");
        await host.RunAsync(cancellationToken);
        return ExitCodes.Success;
    }

    // A folder of runs is no model, but one may look into it; all else is what any command takes for a model.
    private static string? Source(string? given) => given is null || Path.Exists(given) ? given : ModelZoo.Resolve(given);

    private static DetectionPages Detections(ExploreRequest request)
    {
        if (request.Data is { } data && !Path.Exists(data))
        {
            throw new FocalSharpException($"--data {data}: there is no such data set. Give its folder or file.");
        }

        return new DetectionPages(new ExplorerModelCatalog(Source(request.Source), request.Data));
    }
}
