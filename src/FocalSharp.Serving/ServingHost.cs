using FocalSharp.Imaging;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Diagnostics;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Hosting;
using FocalSharp.Serving.Http;
using FocalSharp.Serving.Metrics;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FocalSharp.Serving;

/// <summary>A running detection service. It reads no configuration files or environment variables; everything is in its options.</summary>
public sealed class ServingHost : IAsyncDisposable
{
    private const int WarmUpSide = 320;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly WebServer _server;

    private ServingHost(WebServer server) => _server = server;

    /// <summary>Gets the address for a client on this machine, with the actual port.</summary>
    public Uri Address => _server.Address;

    /// <summary>Gets the address of the port for health checks and metrics; null if they are on <see cref="Address"/>.</summary>
    public Uri? AdminAddress => _server.AdminAddress;

    /// <summary>Gets the service container, for tests.</summary>
    internal IServiceProvider Services => _server.Services;

    /// <summary>Runs the detector once, so that the first request is fast, and starts listening.</summary>
    /// <param name="detector">
    /// The detector: of an ONNX file or of weights. Its decoding limits should be those of the uploads
    /// (<see cref="UploadOptions.ToDecodeOptions"/>). The caller disposes it after the host.
    /// </param>
    /// <param name="options">The address and the limits; null for the defaults.</param>
    /// <param name="logging">Configures logging; null for no log.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="OptionException">An option is out of its range, the address is not available or the port is in use.</exception>
    public static async Task<ServingHost> StartAsync(
        IDetector detector, ServingOptions? options = null, Action<ILoggingBuilder>? logging = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(detector);
        options ??= new ServingOptions();
        options.Validate();
        (detector as IMemoryTrimming)?.RetainLess();
        detector.Detect(new RgbImage(WarmUpSide, WarmUpSide), cancellationToken: cancellationToken);

        ServingMetrics metrics = new();
        metrics.ObserveProcess();
        WebServerOptions server = CreateServerOptions(options, metrics, logging);
        return new ServingHost(await WebServer.StartAsync(Build(options, server, detector, metrics), server, cancellationToken));
    }

    /// <summary>Serves until canceled, then stops accepting requests and finishes those in progress.</summary>
    /// <param name="cancellationToken">Stops the service.</param>
    public Task RunAsync(CancellationToken cancellationToken) => _server.RunAsync(cancellationToken);

    /// <summary>Stops accepting requests and finishes those in progress, within the shutdown timeout of the options.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static WebServerOptions CreateServerOptions(ServingOptions options, ServingMetrics metrics, Action<ILoggingBuilder>? logging) => new()
    {
        ApplicationName = "FocalSharp.Serving",
        Address = options.Address,
        Port = options.Port,
        AdminPort = options.AdminPort,
        ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox",
        MaxConnections = options.MaxConnections,
        ShutdownTimeout = options.ShutdownTimeout,
        BlocksCrossSite = options.IsLoopback,
        RouteHint = " /openapi/v1.json lists all routes.",
        MapException = exception => (exception as UploadException)?.ToProblem(),
        OnProblem = problem => metrics.RecordRejection(problem.Code),
        Logging = logging,
    };

    private static WebApplication Build(ServingOptions options, WebServerOptions server, IDetector detector, ServingMetrics metrics)
    {
        WebApplicationBuilder builder = WebServer.CreateBuilder(server);
        IServiceCollection services = builder.Services;
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServingJson.Default);
        });
        services.AddOpenApi(OpenApiDescription.DocumentName, api => api.AddDocumentTransformer(OpenApiDescription.DescribeDocument(options.ApiKeys.Count > 0)));
        services.AddSingleton(detector);
        services.AddSingleton(_ => metrics); // a factory, so that the container disposes it
        services.AddDetectionCore(options).AddSingleton<Readiness>();
        services.AddSingleton(provider =>
        {
            MicroBatcher batcher = provider.GetRequiredService<MicroBatcher>();
            return new IdleTrimmer(() => batcher.Processed, () => batcher.Reserved > 0, () => IdleTrimmer.ReleaseMemory(detector), IdleTime);
        });
        services.AddSingleton(_ => new MetricsCollector(metrics.Meter, DetectorTelemetry.Name));

        WebApplication app = builder.Build();
        _ = app.Services.GetRequiredService<ServingMetrics>();
        _ = app.Services.GetRequiredService<MetricsCollector>(); // collects from the first request on
        _ = app.Services.GetRequiredService<IdleTrimmer>();
        metrics.ObserveRequests(() => app.Services.GetRequiredService<ConcurrencyGate>().ActiveCount);
        app.UseRequestMetrics(metrics);
        WebServer.UseDefaults(app, server);
        app.UseAdminPort(options);
        app.UseApiKeys(new ApiKeyValidator(options.ApiKeys));
        app.MapDetectionEndpoints();
        app.MapStatusEndpoints();
        app.MapOpenApi("/openapi/{documentName}.json").WithMetadata(AllowWithoutApiKey.Instance);
        return app;
    }
}
