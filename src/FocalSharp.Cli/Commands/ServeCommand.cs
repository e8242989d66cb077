using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Runtime;
using FocalSharp.Serving;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp serve</c>: serves a model over HTTP.</summary>
internal sealed class ServeCommand : CliCommand
{
    private const long BytesPerMebibyte = 1L << 20;
    private const long PixelsPerMegapixel = 1_000_000;

    private static readonly ServingOptions Defaults = new();

    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "An ONNX file, a run folder, a weights file, or the name of a published model",
    };

    private readonly Option<string> _host = new("--host")
    {
        HelpName = "ADDRESS",
        Description = "Address to listen on; '*' opens the service to the network",
        DefaultValueFactory = _ => "localhost",
    };

    private readonly Option<int> _port = NumberOption.Create("--port", "N", "Port to listen on; 0 chooses a free one", 0, 65535, ServingOptions.DefaultPort);
    private readonly Option<int?> _adminPort = NumberOption.Create(
        "--admin-port", "N", "Port of its own for health checks and metrics, without limits and keys [default: the same port]", 0, 65535);

    private readonly Option<double?> _threshold = SharedOptions.ScoreThreshold("Minimum score if the request gives none");
    private readonly PostprocessingArguments _boxes = new();
    private readonly Option<int?> _maxDetections = NumberOption.Create(
        "--max-detections", "N", "Maximum detections per image if the request gives none [default: the model's]", 1, DetectOptions.MaxDetectionsLimit);

    private readonly Option<int> _threads = NumberOption.Create("--threads", "N", "Threads per inference; 0 means one per physical core", 0, 1024, 0);
    private readonly Option<string?> _provider = SharedOptions.Provider();
    private readonly Option<int> _batch = NumberOption.Create("--batch", "N", "Maximum images, across requests, per inference batch", 1, 1024, Defaults.Batching.MaxBatch);
    private readonly Option<double> _batchWait = NumberOption.Create(
        "--batch-wait", "MS", "How long to wait for more images before running a batch", 0, 10_000, Defaults.Batching.MaxWait.TotalMilliseconds);

    private readonly Option<int> _queue = NumberOption.Create(
        "--queue", "N", "Maximum images being decoded, waiting or running; more are answered with 503", 1, 1_000_000, Defaults.Batching.QueueLimit);

    private readonly Option<int> _maxImages = NumberOption.Create("--max-images", "N", "Maximum images per request", 1, 1_000_000, Defaults.Uploads.MaxImages);
    private readonly Option<long> _maxMegabytes = NumberOption.Create(
        "--max-megabytes", "MIB", "Maximum size of an image file in MiB", 1, 1024, Defaults.Uploads.MaxImageBytes / BytesPerMebibyte);

    private readonly Option<long> _maxMegapixels = NumberOption.Create(
        "--max-megapixels", "MP", "Maximum size of an image in megapixels", 1, 500, Defaults.Uploads.MaxPixels / PixelsPerMegapixel);

    private readonly Option<double> _timeout = NumberOption.Create("--timeout", "S", "Maximum seconds per request", 0.001, 86_400, Defaults.RequestTimeout.TotalSeconds);
    private readonly Option<bool> _reload = new("--reload") { Description = "Load the ONNX file again when it changes; requests in progress finish on the old one" };
    private readonly Option<string?> _keyFile = new("--api-key-file")
    {
        HelpName = "FILE",
        Description = "Require one of the keys in this file (one per line)",
    };

    public ServeCommand(ConsoleUi ui)
        : base(ui, "serve", "Serve a model over HTTP.")
    {
        RunsUntilStopped = true;
        Details = $"Listens on this machine only unless --host is given. The environment variable {ApiKeyFile.EnvironmentVariable} may contain an API key.\n"
            + "Ctrl-C stops accepting requests, completes the current ones, and exits.";
        Examples =
        [
            new("focalsharp serve model.onnx", "on http://127.0.0.1:8080, with documentation at /openapi/v1.json"),
            new("curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' http://localhost:8080/v1/detect", "detections as JSON"),
            new("focalsharp serve model.onnx --host '*' --api-key-file keys.txt", "on the network, with API keys"),
        ];
        _port.Aliases.Add("-p");
        AddSymbols(
            _model, _host, _port, _adminPort, _threshold, _boxes.Nms, _boxes.Rescore, _boxes.Flip, _maxDetections, _threads, _provider, _batch, _batchWait, _queue, _maxImages,
            _maxMegabytes, _maxMegapixels, _timeout, _reload, _keyFile);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string file = FindModel(parsed.GetRequiredValue(_model));
        ServingOptions options = CreateOptions(parsed);
        options.Validate();
        NativeHeap.ReturnLargeBlocks(); // of the largest images, until the next one
        using IDetector detector = DetectorLoader.Load(file, new DetectorLoadOptions
        {
            Threads = parsed.GetValue(_threads),
            ExecutionProvider = parsed.GetValue(_provider),
            OnProviderFallback = Ui.Warn,
            MaxBatch = options.Batching.MaxBatch,
            Detect = options.Detect,
            Decode = options.Uploads.ToDecodeOptions(),
            ReloadOnChange = parsed.GetValue(_reload),
        });
        if (detector is Detector reloading)
        {
            reloading.Reloaded += (_, _) => ReportReload(reloading);
        }

        await using ServingHost host = await ServingHost.StartAsync(detector, options, ConfigureLogging, cancellationToken);
        WarnAboutAccess(options);
        if (parsed.GetValue(_keyFile) is { } keys && ApiKeyFile.IsReadableByOthers(keys))
        {
            Ui.Warn($"{keys}: other users of this machine can read the keys. Restrict it: chmod 600 {keys}");
        }

        int classes = detector.Classes.Count;
        Ui.Success($"Serving {detector.Model.Name} ({Quantity.Format(classes, "class")}) at {host.Address}");
        if (host.AdminAddress is { } admin)
        {
            Ui.Line($"  health checks and metrics: {admin}");
        }

        Ui.Line($"  curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' {host.Address}v1/detect");
        Ui.Dim("Press Ctrl-C to stop; current requests are completed first.");
        await host.RunAsync(cancellationToken);
        Ui.Dim("All requests are completed.");
        return ExitCodes.Success;
    }

    private void ReportReload(Detector detector)
    {
        if (detector.ReloadError is { } error)
        {
            Ui.Warn($"The changed file cannot be used, and {detector.Model.Name} as loaded before stays in use: {error.Message}");
        }
        else
        {
            Ui.Success($"Reloaded {detector.Model.Name}");
        }
    }

    // 'export' writes RUN/model.onnx, which runs faster than the weights of the run.
    private static string FindModel(string model) => Path.Combine(model, "model.onnx") is var exported && File.Exists(exported) ? exported : model;

    // Limits of several images follow those of one.
    private ServingOptions CreateOptions(ParseResult parsed)
    {
        long bytes = parsed.GetValue(_maxMegabytes) * BytesPerMebibyte;
        long pixels = parsed.GetValue(_maxMegapixels) * PixelsPerMegapixel;
        return Defaults with
        {
            Address = ListenAddress.Parse(parsed.GetRequiredValue(_host)),
            Port = parsed.GetValue(_port),
            AdminPort = parsed.GetValue(_adminPort),
            Uploads = Defaults.Uploads with
            {
                MaxImages = parsed.GetValue(_maxImages),
                MaxImageBytes = bytes,
                MaxRequestBytes = 2 * bytes,
                BytesInFlight = Math.Max(Defaults.Uploads.BytesInFlight, 4 * bytes),
                MaxPixels = pixels,
                PixelsInFlight = Math.Max(Defaults.Uploads.PixelsInFlight, 2 * pixels),
            },
            Batching = new BatchingOptions
            {
                MaxBatch = parsed.GetValue(_batch),
                MaxWait = TimeSpan.FromMilliseconds(parsed.GetValue(_batchWait)),
                QueueLimit = parsed.GetValue(_queue),
            },
            RequestTimeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
            Detect = _boxes.Apply(parsed, new DetectOptions
            {
                ScoreThreshold = parsed.GetValue(_threshold),
                MaxDetections = parsed.GetValue(_maxDetections),
            }),
            ApiKeys = ApiKeyFile.Collect(parsed.GetValue(_keyFile), Environment.GetEnvironmentVariable(ApiKeyFile.EnvironmentVariable)),
        };
    }

    private void WarnAboutAccess(ServingOptions options)
    {
        if (options.IsLoopback)
        {
            return;
        }

        Ui.Warn(options.ApiKeys.Count > 0
            ? $"Listening on {options.Address} over plain HTTP: keys and images can be read in transit. Put a proxy with TLS in front."
            : $"Listening on {options.Address} without an API key: everyone who can reach this machine over the network can use the service. "
                + $"Set {ApiKeyFile.EnvironmentVariable} or --api-key-file.");
    }

    // Warnings and errors of the service go to stderr; addresses and results are printed by this command.
    private static void ConfigureLogging(ILoggingBuilder logging) => logging.SetMinimumLevel(LogLevel.Warning)
        .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
        .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
}
