using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FocalSharp.Serving.Hosting;

/// <summary>
/// The web server of the service and of the explorer: Kestrel with one set of limits, security headers, origin checks and problem responses.
/// It reads no configuration files or environment variables; everything is in its options.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebServer(WebApplication app) => _app = app;

    /// <summary>Gets the address for a client on this machine, with the actual port.</summary>
    public Uri Address
    {
        get
        {
            UriBuilder address = new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            address.Host = address.Host is "0.0.0.0" or "[::]" ? "localhost" : address.Host;
            return address.Uri;
        }
    }

    /// <summary>Gets the service container.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Creates a builder with Kestrel's limits and the services of the shared middleware.</summary>
    public static WebApplicationBuilder CreateBuilder(WebServerOptions options)
    {
        // The empty builder: a stray appsettings.json or environment variable must not open other ports.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = options.ApplicationName });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        options.Logging?.Invoke(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.Services.AddSingleton<IHostLifetime, NoOpHostLifetime>();
        builder.Services.AddRouting();
        builder.Services.AddRequestLimits(options);
        return builder;
    }

    /// <summary>Adds the shared middleware, up to and including routing and the request limits.</summary>
    public static void UseDefaults(WebApplication app, WebServerOptions options)
    {
        app.UseSecurityHeaders(options.ContentSecurityPolicy);
        app.UseProblemResponses(options, app.Services.GetRequiredService<ILogger<WebServer>>());
        app.UseOriginChecks(options);
        app.UseBodyLimit(options);
        app.UseRouting();
        app.UseRequestLimits(options);
    }

    /// <summary>Starts listening. The application is disposed if that fails.</summary>
    /// <exception cref="OptionException">The address is not available or the port is in use.</exception>
    public static async Task<WebServer> StartAsync(WebApplication app, WebServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            RequireFreePort(options);
            await app.StartAsync(cancellationToken);
            return new WebServer(app);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new OptionException(
                $"Cannot listen on {new IPEndPoint(options.Address, options.Port)}: {exception.Message} Choose another port; 0 selects a free one.", exception)
            { OptionName = "port" };
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    // Before the host starts: it would log the failure with its stack trace.
    private static void RequireFreePort(WebServerOptions options)
    {
        if (options.Port == 0)
        {
            return;
        }

        using Socket probe = new(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(options.Address, options.Port));
        probe.Listen(1);
    }

    /// <summary>Serves until canceled, then stops accepting requests and lets the current ones finish within the shutdown timeout.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(stopped.SetResult))
        {
            await stopped.Task;
        }

        await _app.StopAsync(CancellationToken.None);
    }

    /// <summary>Stops as <see cref="RunAsync"/> does, and releases the server.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
