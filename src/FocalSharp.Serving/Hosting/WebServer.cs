using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
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
    public Uri Address => ToClientAddress(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Gets the address of the port for health checks and metrics; null if it has none of its own.</summary>
    public Uri? AdminAddress =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Skip(1).FirstOrDefault() is { } address
            ? ToClientAddress(address)
            : null;

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
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            Listeners.Configure(kestrel, options);
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
        app.UseHeadAsGet();
        app.UseProblemResponses(options, app.Services.GetRequiredService<ILogger<WebServer>>());
        app.UseOriginChecks(options);
        app.UseBodyLimit(options);
        app.UseRouting();
        app.UseBufferedBodies(options);
        app.UseRequestLimits(options);
    }

    /// <summary>Starts listening. The application is disposed if that fails.</summary>
    /// <exception cref="OptionException">The address is not available or the port is in use.</exception>
    public static async Task<WebServer> StartAsync(WebApplication app, WebServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            RequireFreePorts(options);
            await app.StartAsync(cancellationToken);
            return new WebServer(app);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw CreateListenException(options.Address, options.Port, exception);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    // Before the host starts: it would log the failure with its stack trace.
    private static void RequireFreePorts(WebServerOptions options)
    {
        foreach (int port in new[] { options.Port, options.AdminPort ?? 0 }.Where(port => port != 0))
        {
            using Socket probe = new(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(options.Address, port));
                probe.Listen(1);
            }
            catch (SocketException exception)
            {
                throw CreateListenException(options.Address, port, exception);
            }
        }
    }

    private static OptionException CreateListenException(IPAddress address, int port, Exception exception) =>
        new($"Cannot listen on {new IPEndPoint(address, port)}: {exception.Message.TrimEnd('.')}. Choose another port; 0 selects a free one.", exception) { OptionName = "port" };

    private static Uri ToClientAddress(string listened)
    {
        UriBuilder address = new(listened);
        address.Host = address.Host is "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return address.Uri;
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
