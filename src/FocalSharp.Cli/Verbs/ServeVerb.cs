using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Runtime;
using FocalSharp.Serving;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Uploads;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp serve</c></summary>
internal static class ServeVerb
{
    private const long BytesPerMebibyte = 1L << 20;
    private const long PixelsPerMegapixel = 1_000_000;

    public static Verb Create(ConsoleUi ui)
    {
        Argument<string> model = new("MODEL") { Description = "An ONNX file that 'focalsharp export' wrote, or the run's folder that holds it" };
        Option<string> host = CreateOption("--host", "ADDRESS", "Address to listen on; '*' opens the service to the network", "localhost");
        Option<int> port = CreateOption("--port", "N", "Port to listen on; 0 takes any that is free", ServingOptions.DefaultPort);
        port.Aliases.Add("-p");
        Option<double?> threshold = new("--threshold", "-t") { HelpName = "SCORE", Description = "Least score where a request names none [default: the model's]" };
        Option<double?> nms = new("--nms") { HelpName = "IOU", Description = "Overlap above which the weaker of two boxes of a class is dropped [default: the model's]" };
        Option<int?> max = new("--max") { HelpName = "N", Description = "Most detections of an image where a request names none [default: the model's]" };
        Option<int> threads = CreateOption("--threads", "N", "Threads of a run of the network; 0 for one a physical core", 0);
        Option<int> batch = CreateOption("--batch", "N", "Most images of several requests that share a run", BatchingOptions.Default.MaxBatch);
        Option<double> wait = CreateOption("--batch-wait", "MS", "How long a run waits for company that is on its way", BatchingOptions.Default.MaxWait.TotalMilliseconds);
        Option<int> queue = CreateOption("--queue", "N", "Most images prepared, waiting or running; more are answered by 503", BatchingOptions.Default.QueueLimit);
        Option<int> images = CreateOption("--max-images", "N", "Most images of a request", UploadOptions.Default.MaxImages);
        Option<long> megabytes = CreateOption("--max-megabytes", "MIB", "Most size of an image's file", UploadOptions.Default.MaxImageBytes / BytesPerMebibyte);
        Option<long> megapixels = CreateOption("--max-megapixels", "MP", "Most million pixels of an image", UploadOptions.Default.MaxPixels / PixelsPerMegapixel);
        Option<double> timeout = CreateOption("--timeout", "S", "Most seconds for a request", new ServingOptions().RequestTimeout.TotalSeconds);
        Option<string?> keys = new("--api-key-file") { HelpName = "FILE", Description = "Answer only who shows one of this file's keys, one a line" };

        Verb verb = new(
            "serve",
            "Answer HTTP requests with detections.",
            "It listens to this machine alone unless --host says otherwise. An API key may also stand in the environment variable\n"
            + $"{ApiKeyFile.EnvironmentVariable}. Ctrl-C takes no more requests, answers those under way, and ends.",
            new Example("focalsharp serve model.onnx", "on http://127.0.0.1:8080; docs at /openapi/v1.json"),
            new Example("curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' http://localhost:8080/v1/detect", "boxes as JSON"),
            new Example("focalsharp serve model.onnx --host '*' --api-key-file keys.txt", "for the network, with keys"))
        { model, host, port, threshold, nms, max, threads, batch, wait, queue, images, megabytes, megapixels, timeout, keys };
        verb.RunsUntilStopped = true;
        verb.SetAction((parsed, cancellationToken) => ServeCommand.RunAsync(
            new ServeRequest(
                parsed.GetRequiredValue(model),
                new ServingOptions
                {
                    Address = ListenAddress.Parse(parsed.GetRequiredValue(host)),
                    Port = parsed.GetValue(port),
                    Uploads = Uploads(parsed.GetValue(images), parsed.GetValue(megabytes), parsed.GetValue(megapixels)),
                    Batching = new BatchingOptions { MaxBatch = parsed.GetValue(batch), MaxWait = Milliseconds(parsed.GetValue(wait)), QueueLimit = parsed.GetValue(queue) },
                    RequestTimeout = Milliseconds(parsed.GetValue(timeout) * 1000),
                },
                new DetectOptions { ScoreThreshold = parsed.GetValue(threshold), IouThreshold = parsed.GetValue(nms), MaxDetections = parsed.GetValue(max) },
                parsed.GetValue(threads),
                parsed.GetValue(keys)),
            ui,
            cancellationToken));
        return verb;
    }

    // What holds many follows what one may be.
    private static UploadOptions Uploads(int images, long megabytes, long megapixels)
    {
        long bytes = Math.Clamp(megabytes, 0, 1024) * BytesPerMebibyte;
        long pixels = Math.Clamp(megapixels, 0, 500) * PixelsPerMegapixel;
        return UploadOptions.Default with
        {
            MaxImages = images,
            MaxImageBytes = bytes,
            MaxRequestBytes = 2 * bytes,
            BytesInFlight = Math.Max(UploadOptions.Default.BytesInFlight, 4 * bytes),
            MaxPixels = pixels,
            PixelsInFlight = Math.Max(UploadOptions.Default.PixelsInFlight, 2 * pixels),
        };
    }

    private static TimeSpan Milliseconds(double value) => double.IsFinite(value) && Math.Abs(value) < 1e9
        ? TimeSpan.FromMilliseconds(value)
        : throw new FocalSharpException($"{value}: is no time to wait.");

    private static Option<T> CreateOption<T>(string name, string unit, string description, T value) =>
        new(name) { HelpName = unit, Description = description, DefaultValueFactory = _ => value };
}
