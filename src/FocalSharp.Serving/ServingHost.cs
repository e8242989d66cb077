using System.Net;
using System.Net.Sockets;
using FocalSharp.Imaging;
using FocalSharp.Runtime.Diagnostics;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Http;
using FocalSharp.Serving.Metrics;
using FocalSharp.Serving.Models;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FocalSharp.Serving;

/// <summary>The running service. It reads no configuration of its surroundings: what it does stands in its options.</summary>
public sealed class ServingHost : IAsyncDisposable
{
    private const int WarmUpSide = 320;

    private readonly WebApplication _app;

    private ServingHost(WebApplication app)
    {
        _app = app;
        UriBuilder address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        address.Host = address.Host is "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        Address = address.Uri;
    }

    /// <summary>The address for a client on this machine, with the port that was taken.</summary>
    public Uri Address { get; }

    /// <summary>The container, for tests.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Runs the model once, then listens: who is answered at all is answered at full speed.</summary>
    /// <param name="options">Where it listens and how much it takes.</param>
    /// <param name="model">The model; it is the caller's to dispose, after this.</param>
    /// <param name="logging">Where its log goes; null for nowhere.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="FocalSharpException">An option is out of range, or the address cannot be had.</exception>
    public static async Task<ServingHost> StartAsync(
        ServingOptions options, IDetectionModel model, Action<ILoggingBuilder>? logging = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        using (IModelInput black = model.Prepare(new RgbImage(WarmUpSide, WarmUpSide)))
        {
            model.Detect([black], model.Description.Limits);
        }

        WebApplication app = Build(options, model, logging);
        try
        {
            await app.StartAsync(cancellationToken);
            return new ServingHost(app);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new FocalSharpException(
                $"Cannot listen on {new IPEndPoint(options.Address, options.Port)}: {exception.Message} "
                + "Choose another with --port, or --port 0 for any that is free.",
                exception);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Serves until cancelled, then takes nothing more and answers what it took.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(stopped.SetResult))
        {
            await stopped.Task;
        }

        await _app.StopAsync(CancellationToken.None);
    }

    /// <summary>Takes nothing more and answers what was taken, within the time that the options allow.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static WebApplication Build(ServingOptions options, IDetectionModel model, Action<ILoggingBuilder>? logging)
    {
        // The empty builder: a stray appsettings.json or environment variable must not open other ports.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "FocalSharp.Serving" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        logging?.Invoke(builder.Logging);
        IServiceCollection services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        services.AddSingleton<IHostLifetime, NoOpHostLifetime>();
        services.AddRouting();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServingJson.Default);
        });
        services.AddOpenApi(OpenApiDescription.DocumentName, api => api.AddDocumentTransformer(OpenApiDescription.DescribeDocument(options.ApiKeys.Count > 0)));
        services.AddSingleton(options).AddSingleton(options.Batching).AddSingleton(options.Uploads);
        services.AddSingleton(model);
        services.AddSingleton<ServingMetrics>().AddSingleton<ImageUploads>().AddSingleton<MicroBatcher>().AddSingleton<DetectionPipeline>().AddSingleton<Readiness>();
        services.AddSingleton(new ConcurrencyGate(options.MaxRequests));
        services.AddSingleton(provider => new MetricsCollector(provider.GetRequiredService<ServingMetrics>().Meter, DetectorTelemetry.Name));
        return Compose(builder.Build(), options);
    }

    private static WebApplication Compose(WebApplication app, ServingOptions options)
    {
        ServingMetrics metrics = app.Services.GetRequiredService<ServingMetrics>();
        _ = app.Services.GetRequiredService<MetricsCollector>(); // listens from the first request on
        metrics.ObserveRequests(() => app.Services.GetRequiredService<ConcurrencyGate>().ActiveCount);
        app.UseRequestMetrics(metrics);
        app.UseSecurityHeaders();
        app.UseProblemResponses(metrics, app.Services.GetRequiredService<ILogger<ServingHost>>());
        if (options.IsLoopback)
        {
            app.UseLoopbackOnly();
        }

        app.UseRouting();
        app.UseApiKeys(new ApiKeyValidator(options.ApiKeys));
        app.MapDetectionEndpoints();
        app.MapStatusEndpoints();
        app.MapOpenApi("/openapi/{documentName}.json").WithMetadata(AllowWithoutApiKey.Instance);
        return app;
    }

    // Bodies are bounded by our own count of what arrives, so that a refusal has words and Kestrel still takes in what is under way.
    private static void Configure(KestrelServerOptions kestrel, ServingOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
    }
}
