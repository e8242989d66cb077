using System.Net;
using System.Net.Sockets;
using System.Text;
using FocalSharp.Explorer.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Tests.Hosting;

public sealed class MiddlewareTests
{
    [Fact]
    public async Task Requests_above_the_concurrency_limit_are_rejected()
    {
        SlowFeature feature = new();
        await using ExplorerHost host = await ExplorerHost.StartAsync(new ExplorerOptions { Port = 0, MaxConcurrency = 1, MaxWaiting = 0 }, [feature]);
        using HttpClient client = new() { BaseAddress = host.Address };
        Task<HttpResponseMessage> first = client.GetAsync(new Uri("slow", UriKind.Relative));
        await feature.Entered.Task;

        using HttpResponseMessage second = await client.GetAsync(new Uri("slow", UriKind.Relative));
        feature.Release.SetResult();
        using HttpResponseMessage freed = await first;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal("1", second.Headers.RetryAfter!.ToString());
        Assert.Contains("Too many requests", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, freed.StatusCode);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_canceled()
    {
        SlowFeature feature = new();
        await using ExplorerHost host = await ExplorerHost.StartAsync(new ExplorerOptions { Port = 0, RequestTimeout = TimeSpan.FromMilliseconds(200) }, [feature]);
        using HttpClient client = new() { BaseAddress = host.Address };

        using HttpResponseMessage answer = await client.GetAsync(new Uri("slow", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("canceled after", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_rejected_at_the_limit()
    {
        await using ExplorerHost host = await ExplorerHost.StartAsync(new ExplorerOptions { Port = 0, MaxBodyBytes = 1000 }, [new SlowFeature()]);
        using HttpClient client = new() { BaseAddress = host.Address };
        using HttpRequestMessage request = new(HttpMethod.Post, "read") { Content = new ByteArrayContent(new byte[5000]) };
        request.Headers.TransferEncodingChunked = true;

        using HttpResponseMessage answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("too large", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_that_do_not_arrive_do_not_keep_others_waiting()
    {
        ExplorerOptions options = new() { Port = 0, MaxConcurrency = 1, MaxWaiting = 0 };
        SlowFeature feature = new();
        feature.Release.SetResult();
        await using ExplorerHost host = await ExplorerHost.StartAsync(options, [feature]);
        List<TcpClient> slow = [];
        for (int i = 0; i < 20; i++)
        {
            TcpClient connection = new();
            await connection.ConnectAsync(IPAddress.Loopback, host.Address.Port);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /read HTTP/1.1\r\nHost: localhost:{host.Address.Port}\r\nContent-Length: 1000000\r\n\r\n"));
            slow.Add(connection);
        }

        using HttpClient client = new() { BaseAddress = host.Address };
        using HttpResponseMessage page = await client.GetAsync(new Uri("slow", UriKind.Relative));
        using HttpResponseMessage upload = await client.PostAsync(new Uri("read", UriKind.Relative), new ByteArrayContent(new byte[1000]));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(HttpStatusCode.OK, upload.StatusCode);
        slow.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task Pages_are_served_while_all_places_are_taken()
    {
        SlowFeature feature = new();
        await using ExplorerHost host = await ExplorerHost.StartAsync(new ExplorerOptions { Port = 0, MaxConcurrency = 1, MaxWaiting = 0 }, [feature]);
        using HttpClient client = new() { BaseAddress = host.Address };
        Task<HttpResponseMessage> first = client.GetAsync(new Uri("slow", UriKind.Relative));
        await feature.Entered.Task;

        using HttpResponseMessage page = await client.GetAsync(new Uri("no-such-page", UriKind.Relative));
        feature.Release.SetResult();
        using HttpResponseMessage freed = await first;

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task RunAsync_ends_when_it_is_canceled()
    {
        await using ExplorerHost host = await ExplorerHost.StartAsync(new ExplorerOptions { Port = 0 }, [new SlowFeature()]);
        using CancellationTokenSource stop = new();
        Task running = host.RunAsync(stop.Token);
        Assert.False(running.IsCompleted);

        await stop.CancelAsync();
        await running;

        using HttpClient client = new() { BaseAddress = host.Address };
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("slow", UriKind.Relative)));
    }

    private sealed class SlowFeature : IExplorerFeature
    {
        public TaskCompletionSource Entered { get; } = new();

        public TaskCompletionSource Release { get; } = new();

        public IReadOnlyList<ExplorerPage> Pages => [];

        public void Map(IEndpointRouteBuilder endpoints)
        {
            endpoints.MapGet("/slow", async (CancellationToken aborted) =>
            {
                Entered.TrySetResult();
                await Release.Task.WaitAsync(aborted);
                return "done";
            });
            endpoints.MapPost("/read", async (HttpRequest request, CancellationToken aborted) =>
            {
                await request.Body.CopyToAsync(Stream.Null, aborted);
                return "read";
            });
        }
    }
}
