using FocalSharp.Cli.Terminal;
using FocalSharp.Models.Catalog;
using FocalSharp.Serving;
using FocalSharp.Serving.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>serve</c>.</summary>
internal static class ServeCommand
{
    /// <summary>Serves until cancelled, answers what was taken, and returns the exit code.</summary>
    public static async Task<int> RunAsync(ServeRequest request, ConsoleUi ui, CancellationToken cancellationToken)
    {
        string file = OnnxFile(request.Model);
        ServingOptions options = request.Serving with
        {
            ApiKeys = ApiKeyFile.Collect(request.ApiKeyFile, Environment.GetEnvironmentVariable(ApiKeyFile.EnvironmentVariable)),
        };
        options.Validate();
        using DetectorModel model = DetectorModel.Load(file, options, request.Threads, request.Detect);
        await using ServingHost host = await ServingHost.StartAsync(options, model, Log, cancellationToken);
        ReportAccess(options, ui);
        ui.Success($"Serving {model.Description.Name} ({Count(model.Description.Classes.Count, "class", "classes")}) at {host.Address}");
        ui.Line($"  curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' {host.Address}v1/detect");
        ui.Dim("Ctrl-C ends it when all that was taken is answered.");
        await host.RunAsync(cancellationToken);
        ui.Dim("All requests are answered.");
        return ExitCodes.Success;
    }

    // A run's folder holds the file under the name that 'export' gives it.
    private static string OnnxFile(string model)
    {
        string exported = Path.Combine(model, "model.onnx");
        if (File.Exists(exported))
        {
            return exported;
        }

        bool weights = Directory.Exists(model) || Path.GetExtension(model).ToLowerInvariant() is ".safetensors" or ".pth" or ".pt";
        bool published = !File.Exists(model) && ModelCatalog.Entries.Any(entry => entry.Name == model);
        return !weights && !published ? model : throw new FocalSharpException(
            $"{model}: is not an ONNX file. Write one with: focalsharp export {model}");
    }

    private static void ReportAccess(ServingOptions options, ConsoleUi ui)
    {
        if (options.IsLoopback)
        {
            return;
        }

        ui.Warn(options.ApiKeys.Count > 0
            ? $"Listening on {options.Address}, in plain HTTP: keys and images can be read on the way. Put a proxy with TLS in front."
            : $"Listening on {options.Address} without an API key: whoever reaches this machine over the network is served. Set {ApiKeyFile.EnvironmentVariable} or --api-key-file.");
    }

    private static string Count(int number, string one, string many) => $"{number} {(number == 1 ? one : many)}";

    // Results and addresses are the tool's to tell; the log holds what went wrong, on stderr.
    private static void Log(ILoggingBuilder logging) => logging.SetMinimumLevel(LogLevel.Warning)
        .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
        .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
}
