using FocalSharp.Cli.Terminal;
using FocalSharp.Explorer;
using FocalSharp.Explorer.Detections;
using FocalSharp.Explorer.Export;
using FocalSharp.Explorer.Losses;
using FocalSharp.Explorer.Models;
using FocalSharp.Serving;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>explore</c>.</summary>
internal static class ExploreCommand
{
    /// <summary>Serves until cancelled, or exports, and returns the exit code.</summary>
    public static async Task<int> RunAsync(ExploreRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        using DetectionPages detections = Detections(request);
        IReadOnlyList<IExplorerFeature> features = [new LossPages(), detections];
        if (request.Export is { } folder)
        {
            IReadOnlyList<string> files = StaticExport.Write(folder, features);
            ui.Success($"{files.Count} pages written to {folder}");
            ui.Quiet($"Open {files[0]} in a browser; each page is complete in itself.");
            return ExitCodes.Success;
        }

        ExplorerOptions options = new() { Address = ListenAddress.Parse(request.Host), Port = request.Port };
        await using ExplorerHost host = await ExplorerHost.StartAsync(options, features, cancellation);
        if (!options.IsLoopback)
        {
            ui.Warn($"Listening on {options.Address}: whoever reaches this machine over the network can use the explorer, without a password.");
        }

        ui.Success($"The explorer is at {host.Address}");
        ui.Quiet("Ctrl-C ends it.");
        await host.RunAsync(cancellation);
        return ExitCodes.Success;
    }

    private static DetectionPages Detections(ExploreRequest request)
    {
        if (request.Source is { } source && !Path.Exists(source))
        {
            throw new UserErrorException(
                $"{source}: there is no such run or file. Give a run's folder such as runs/demo, a folder of runs, a weights or ONNX file, or nothing.");
        }

        if (request.Data is { } data && !Path.Exists(data))
        {
            throw new UserErrorException($"--data {data}: there is no such data set. Give its folder or file.");
        }

        return new DetectionPages(new ModelCatalog(request.Source, request.Data));
    }
}
