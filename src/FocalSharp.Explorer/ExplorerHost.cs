using FocalSharp.Explorer.Hosting;
using FocalSharp.Serving.Hosting;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Explorer;

/// <summary>A running explorer, on the web server of the detection service.</summary>
internal sealed class ExplorerHost : IAsyncDisposable
{
    private readonly WebServer _server;

    private ExplorerHost(WebServer server) => _server = server;

    /// <summary>Gets the address for a browser on this machine, with the actual port.</summary>
    public Uri Address => _server.Address;

    /// <summary>Starts listening.</summary>
    /// <param name="options">The address and the limits.</param>
    /// <param name="features">The pages and endpoints, in the order of the navigation.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="OptionException">The address is not available or the port is in use.</exception>
    public static async Task<ExplorerHost> StartAsync(
        ExplorerOptions options, IReadOnlyList<IExplorerFeature> features, CancellationToken cancellationToken = default)
    {
        WebServerOptions server = CreateServerOptions(options);
        WebApplicationBuilder builder = WebServer.CreateBuilder(server);
        builder.Services.AddResponseCompression(); // pages and JSON; assets are compressed once
        WebApplication app = builder.Build();
        app.UseResponseCompression();
        WebServer.UseDefaults(app, server);
        foreach (IExplorerFeature feature in features)
        {
            feature.Map(app);
        }

        app.MapAssets();
        app.MapPages([.. features.SelectMany(feature => feature.Pages)]);
        return new ExplorerHost(await WebServer.StartAsync(app, server, cancellationToken));
    }

    /// <summary>Serves until canceled, then lets requests in progress finish for up to 2 s.</summary>
    /// <param name="cancellationToken">Stops the explorer.</param>
    public Task RunAsync(CancellationToken cancellationToken) => _server.RunAsync(cancellationToken);

    /// <summary>Stops the explorer.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static WebServerOptions CreateServerOptions(ExplorerOptions options) => new()
    {
        ApplicationName = "FocalSharp.Explorer",
        Address = options.Address,
        Port = options.Port,
        ContentSecurityPolicy = ContentPolicy.Served,
        MaxConnections = options.MaxConnections,
        MaxBodyBytes = options.MaxBodyBytes,
        MaxConcurrency = options.MaxConcurrency,
        MaxWaiting = options.MaxWaiting,
        MaxUploadsPerClient = options.MaxUploadsPerClient,
        RequestTimeout = options.RequestTimeout,
        ShutdownTimeout = TimeSpan.FromSeconds(2),
        BlocksCrossSite = true,
        MapException = exception => exception switch
        {
            UploadException upload => upload.ToProblem(),
            FocalSharpException error => Problem.Create(StatusCodes.Status400BadRequest, error.Message, "bad_request"),
            _ => null,
        },
    };
}
