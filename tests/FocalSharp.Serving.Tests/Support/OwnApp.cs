using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FocalSharp.Serving.Tests.Support;

/// <summary>A web app of a user of the library, on a loopback port of its own, with a client.</summary>
internal sealed class OwnApp : IAsyncDisposable
{
    private OwnApp(WebApplication app)
    {
        App = app;
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public static async Task<OwnApp> StartAsync(
        Action<IServiceCollection, IConfiguration> services, Action<WebApplication> routes, Dictionary<string, string?>? settings = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1000);
        builder.Configuration.AddInMemoryCollection(settings);
        services(builder.Services, builder.Configuration);
        WebApplication app = builder.Build();
        routes(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new OwnApp(app);
    }

    public Task<HttpResponseMessage> PostAsync(string route, byte[] body) => Client.PostAsync(route, RunningService.Bytes(body, "application/octet-stream"));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
