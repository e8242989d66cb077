using FocalSharp.Cli.Terminal;
using FocalSharp.Explorer;
using FocalSharp.Explorer.Export;
using FocalSharp.Explorer.Losses;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>explore</c>.</summary>
internal static class ExploreCommand
{
    /// <summary>Serves until cancelled, or exports, and returns the exit code.</summary>
    public static async Task<int> RunAsync(ExploreRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        IReadOnlyList<IExplorerFeature> features = Features(request.Source);
        if (request.Export is { } folder)
        {
            IReadOnlyList<string> files = StaticExport.Write(folder, features);
            ui.Success($"{files.Count} pages written to {folder}");
            ui.Quiet($"Open {files[0]} in a browser; each page is complete in itself.");
            return ExitCodes.Success;
        }

        ExplorerOptions options = new() { Address = ExplorerOptions.ParseAddress(request.Host), Port = request.Port };
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

    private static List<IExplorerFeature> Features(string? source)
    {
        if (source is not null && !Path.Exists(source))
        {
            throw new UserErrorException($"{source}: there is no such run. Give a folder that 'focalsharp train' made, such as runs/demo, or none.");
        }

        return [new LossPages()];
    }
}
