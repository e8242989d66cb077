using System.Net.Sockets;
using FocalSharp.Explorer.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FocalSharp.Explorer;

/// <summary>The running explorer. Reads no configuration of its surroundings: what it does stands in its options.</summary>
public sealed class ExplorerHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ExplorerHost(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>The address for a browser on this machine, with the port that was taken.</summary>
    public Uri Address { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="options">Where, and within which limits.</param>
    /// <param name="features">What it shows, in the order of the navigation.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="FocalSharpException">The address or the port cannot be had.</exception>
    public static async Task<ExplorerHost> StartAsync(
        ExplorerOptions options, IReadOnlyList<IExplorerFeature> features, CancellationToken cancellationToken = default)
    {
        // The empty builder: a stray appsettings.json or environment variable must not open other ports.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "FocalSharp.Explorer" });
        builder.Services.AddRouting();
        builder.AddRequestLimits(options);
        WebApplication app = builder.Build();
        app.UseSecurityHeaders();
        app.UseRequestLimits(options);
        foreach (IExplorerFeature feature in features)
        {
            feature.Map(app);
        }

        app.MapAssets();
        app.MapPages([.. features.SelectMany(feature => feature.Pages)]);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            await app.DisposeAsync();
            if (exception is IOException or SocketException)
            {
                throw new FocalSharpException(
                    $"Cannot listen on {new System.Net.IPEndPoint(options.Address, options.Port)}: {exception.Message} "
                    + "Choose another with --port, or --port 0 for any that is free.",
                    exception);
            }

            throw;
        }

        return new ExplorerHost(app, GetBrowserAddress(app));
    }

    /// <summary>Serves until cancelled, then lets what is under way end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(stopped.SetResult))
        {
            await stopped.Task;
        }

        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
    }

    /// <summary>Stops listening.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Uri GetBrowserAddress(WebApplication app)
    {
        string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        UriBuilder address = new(bound);
        if (address.Host is "0.0.0.0" or "[::]")
        {
            address.Host = "localhost";
        }

        return address.Uri;
    }
}
