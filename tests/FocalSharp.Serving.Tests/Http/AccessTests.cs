using System.Net;
using FocalSharp.Serving.Tests.Support;

namespace FocalSharp.Serving.Tests.Http;

public sealed class AccessTests
{
    private const string Key = "0123456789abcdef-first";
    private const string NewKey = "0123456789abcdef-second";

    [Theory]
    [InlineData("/v1/model")]
    [InlineData("/metrics")]
    public async Task A_key_is_required_if_one_is_set(string route)
    {
        await using RunningService service = await RunningService.StartAsync(new() { ApiKeys = [Key, NewKey] });

        HttpResponseMessage without = await service.Client.GetAsync(route);

        await RunningService.AssertProblemAsync(401, without);
        Assert.Equal("Bearer", without.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, route, "X-Api-Key", Key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, route, "X-Api-Key", NewKey));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, route, "Authorization", $"Bearer {Key}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(service, route, "X-Api-Key", Key + "x"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(service, route, "X-Api-Key", Key[..^1]));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(service, route, "Authorization", $"Basic {Key}"));
    }

    [Fact]
    public async Task An_image_without_a_key_is_rejected_before_it_is_read()
    {
        await using RunningService service = await RunningService.StartAsync(new() { ApiKeys = [Key] });

        await RunningService.AssertProblemAsync(401, await service.PostAsync("/v1/detect", Samples.Jpeg()));

        Assert.Empty(service.Model.Batches);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/")]
    public async Task Probes_need_no_key(string route)
    {
        await using RunningService service = await RunningService.StartAsync(new() { ApiKeys = [Key] });

        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync(route)).StatusCode);
    }

    [Fact]
    public async Task On_loopback_foreign_host_names_and_cross_site_requests_are_rejected()
    {
        await using RunningService service = await RunningService.StartAsync();

        Assert.Equal(HttpStatusCode.MisdirectedRequest, await StatusAsync(service, "/v1/model", "Host", "evil.example"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, "/v1/model", "Host", "localhost:1234"));
        using HttpRequestMessage crossSite = new(HttpMethod.Post, "/v1/detect") { Content = RunningService.Bytes(Samples.Jpeg(), "image/jpeg") };
        crossSite.Headers.Add("Origin", "https://evil.example");
        await RunningService.AssertProblemAsync(403, await service.Client.SendAsync(crossSite));
    }

    [Theory]
    [InlineData("/v1/model")]
    [InlineData("/nothing")]
    public async Task Every_answer_carries_security_headers_and_no_server_name(string route)
    {
        await using RunningService service = await RunningService.StartAsync();

        HttpResponseMessage response = await service.Client.GetAsync(route);

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Empty(response.Headers.Server);
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningService service, string route, string header, string value)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, route);
        request.Headers.TryAddWithoutValidation(header, value);
        return (await service.Client.SendAsync(request)).StatusCode;
    }
}
