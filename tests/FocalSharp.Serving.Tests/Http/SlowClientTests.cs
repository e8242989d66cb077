using System.Net;
using System.Net.Sockets;
using System.Text;
using FocalSharp.Serving.Hosting;
using FocalSharp.Serving.Tests.Support;
using FocalSharp.Serving.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace FocalSharp.Serving.Tests.Http;

/// <summary>Clients that announce a body and do not send it.</summary>
public sealed class SlowClientTests
{
    [Fact]
    public async Task Uploads_that_do_not_arrive_leave_places_and_memory_to_others()
    {
        ServingOptions options = new() { MaxRequests = 2, MaxUploadsPerClient = 0, Uploads = UploadOptions.Default with { BytesInFlight = 64 << 20 } };
        await using RunningService service = await RunningService.StartAsync(options);
        List<TcpClient> slow = [];
        for (int i = 0; i < 100; i++)
        {
            slow.Add(await AnnounceAsync(service.Host.Address, bytes: 30 << 20));
        }

        HttpResponseMessage answer = await service.PostAsync("/v1/detect", Samples.Jpeg());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        slow.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task One_client_has_a_limit_of_its_own()
    {
        await using RunningService service = await RunningService.StartAsync(new() { MaxUploadsPerClient = 2 });
        using TcpClient first = await AnnounceAsync(service.Host.Address, bytes: 1000);
        using TcpClient second = await AnnounceAsync(service.Host.Address, bytes: 1000);
        ClientGate gate = service.Host.Services.GetRequiredService<ClientGate>();
        await Eventually.IsTrueAsync(() => gate.Count(IPAddress.Loopback) == 2, "both are being received");

        HttpResponseMessage refused = await service.PostAsync("/v1/detect", Samples.Jpeg());

        await RunningService.AssertProblemAsync(429, refused);
        Assert.Equal(1, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        first.Dispose();
        await Eventually.IsTrueAsync(() => gate.Count(IPAddress.Loopback) < 2, "a place is free again");
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync("/v1/detect", Samples.Jpeg())).StatusCode);
    }

    [Fact]
    public async Task Connections_above_the_limit_are_closed_and_the_admin_port_answers()
    {
        await using RunningService service = await RunningService.StartAsync(new() { MaxConnections = 3, AdminPort = 0 });
        List<TcpClient> idle = [];
        for (int i = 0; i < 10; i++)
        {
            try
            {
                idle.Add(await ConnectAsync(service.Host.Address));
            }
            catch (SocketException) when (i >= 3)
            {
                // The service closed the connection before this side had it.
            }
        }

        using HttpClient probe = new() { BaseAddress = service.Host.AdminAddress };
        HttpResponseMessage live = await probe.GetAsync(new Uri("/health/live", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => service.PostAsync("/v1/detect", Samples.Jpeg()));
        idle.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task With_an_admin_port_each_port_has_its_routes()
    {
        await using RunningService service = await RunningService.StartAsync(new() { AdminPort = 0, ApiKeys = ["0123456789abcdef"] });
        using HttpClient admin = new() { BaseAddress = service.Host.AdminAddress };

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode);
        await RunningService.AssertProblemAsync(404, await admin.GetAsync(new Uri("/v1/model", UriKind.Relative)));
        await RunningService.AssertProblemAsync(404, await service.Client.GetAsync(new Uri("/metrics", UriKind.Relative)));
        await RunningService.AssertProblemAsync(401, await service.Client.GetAsync(new Uri("/v1/model", UriKind.Relative)));
    }

    [Fact]
    public async Task Head_is_answered_as_get_without_a_body()
    {
        await using RunningService service = await RunningService.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Head, new Uri("/health/ready", UriKind.Relative));

        using HttpResponseMessage answer = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync("/v1/detect", Samples.Jpeg())).StatusCode); // the connection is in order
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:3::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    public void A_client_is_an_address_or_a_network_of_64_bits(string first, string second, bool same)
    {
        ClientGate gate = new(limit: 1);
        IDisposable permit = gate.Enter(IPAddress.Parse(first));

        if (same)
        {
            Assert.Equal(429, Assert.Throws<ApiException>(() => gate.Enter(IPAddress.Parse(second))).StatusCode);
        }
        else
        {
            gate.Enter(IPAddress.Parse(second)).Dispose();
        }

        permit.Dispose();
        permit.Dispose();
        gate.Enter(IPAddress.Parse(second)).Dispose();
    }

    private static async Task<TcpClient> ConnectAsync(Uri address)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, address.Port);
        return client;
    }

    private static async Task<TcpClient> AnnounceAsync(Uri address, int bytes)
    {
        TcpClient client = await ConnectAsync(address);
        string headers = $"POST /v1/detect HTTP/1.1\r\nHost: localhost:{address.Port}\r\nContent-Type: image/jpeg\r\nContent-Length: {bytes}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(headers));
        return client;
    }
}
