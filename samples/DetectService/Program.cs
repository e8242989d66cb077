// The detection service for a container: configured by environment variables, requests on port 8080, health and metrics on port 8081.
using System.Net;
using System.Runtime.InteropServices;
using FocalSharp;
using FocalSharp.Runtime;
using FocalSharp.Serving;

using CancellationTokenSource stop = new();
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    string model = Environment.GetEnvironmentVariable("DETECT_MODEL") ?? "model.onnx";
    ServingOptions options = new()
    {
        Address = IPAddress.Any,
        Port = 8080,
        AdminPort = 8081,
        ApiKeys = Environment.GetEnvironmentVariable("FOCALSHARP_API_KEY") is { Length: > 0 } key ? [key] : [],
        MaxUploadsPerClient = 0, // clients come through a proxy
    };
    using Detector detector = Detector.Load(model, new RuntimeOptions
    {
        ExecutionProvider = Environment.GetEnvironmentVariable("DETECT_PROVIDER") ?? "cpu",
        OnProviderFallback = Console.Error.WriteLine,
        AllowSpinning = false,
        MaxBatch = options.Batching.MaxBatch,
        Decode = options.Uploads.ToDecodeOptions(),
    });
    await using ServingHost host = await ServingHost.StartAsync(detector, options, cancellationToken: stop.Token);
    Console.WriteLine($"Serving {detector.Model.Name} at {host.Address}, health and metrics at {host.AdminAddress}");
    await host.RunAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    return 0; // stopped while starting
}
catch (FocalSharpException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true; // requests in progress are completed first
    stop.Cancel();
}
