using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using FocalSharp.Explorer.Losses;
using FocalSharp.Explorer.Tests.Support;
using FocalSharp.Serving.Hosting;

namespace FocalSharp.Explorer.Tests.Hosting;

public sealed class HostTests(LossSite site) : IClassFixture<LossSite>, IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = site.Address };

    [Fact]
    public void The_default_address_is_loopback()
    {
        Assert.True(new ExplorerOptions().IsLoopback);
        Assert.True(site.Address.IsLoopback);
        Assert.Equal("127.0.0.1", site.Address.Host);
    }

    [Theory]
    [InlineData("")]
    [InlineData("focal-loss")]
    [InlineData("assets/js/formulas.js")]
    [InlineData("api/losses/fl?p=0.5")]
    [InlineData("api/losses/fl?p=5")]
    [InlineData("api/nothing")]
    [InlineData("nothing")]
    public async Task Every_response_has_the_security_headers(string path)
    {
        using HttpResponseMessage answer = await GetAsync(path);

        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Empty(answer.Headers.Server);
    }

    [Fact]
    public async Task Requests_with_a_foreign_host_name_are_rejected()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } };

        using HttpResponseMessage answer = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.Contains("localhost", await ErrorAsync(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Cross_site_requests_are_rejected(string header, string value)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/losses/fl");
        request.Headers.TryAddWithoutValidation(header, value);

        using HttpResponseMessage answer = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_rejected_before_it_is_read()
    {
        using TcpClient client = new();
        await client.ConnectAsync(site.Address.Host, site.Address.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync("POST /api/losses/fl HTTP/1.1\r\nHost: localhost\r\nContent-Length: 209715200\r\n\r\n"u8.ToArray());

        using StreamReader reader = new(stream);
        string answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("the maximum is 32 MiB", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unchanged_assets_are_not_sent_again()
    {
        using HttpResponseMessage first = await GetAsync("assets/css/explorer.css");
        using HttpRequestMessage again = new(HttpMethod.Get, "/assets/css/explorer.css");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage second = await _client.SendAsync(again);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(new MediaTypeHeaderValue("text/css") { CharSet = "utf-8" }, first.Content.Headers.ContentType);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    public async Task Assets_are_sent_in_the_smallest_form_that_the_client_accepts(string accepted, string? encoding)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/assets/js/plotly.min.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);

        using HttpResponseMessage answer = await _client.SendAsync(request);
        long length = (await answer.Content.ReadAsByteArrayAsync()).LongLength;

        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.True(encoding is null ? length > 1_000_000 : length < 420_000, $"{length} bytes");
    }

    [Theory]
    [InlineData("assets/pages/layout.html")]
    [InlineData("assets/../appsettings.json")]
    [InlineData("assets/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("assets/js/")]
    [InlineData("nowhere")]
    [InlineData("api/nowhere")]
    public async Task Unknown_paths_are_not_found(string path)
    {
        using HttpResponseMessage answer = await GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_head_request_has_no_body_in_its_response()
    {
        using HttpRequestMessage request = new(HttpMethod.Head, "/focal-loss");

        using HttpResponseMessage answer = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_port_in_use_is_reported_with_a_fix()
    {
        OptionException error = await Assert.ThrowsAsync<OptionException>(
            () => ExplorerHost.StartAsync(new ExplorerOptions { Port = site.Address.Port }, [new LossPages()]));

        Assert.Contains($":{site.Address.Port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Choose another port", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("*", "0.0.0.0")]
    [InlineData("192.168.1.5", "192.168.1.5")]
    public void Addresses_are_parsed(string text, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), ListenAddress.Parse(text));

    [Fact]
    public void An_invalid_address_is_reported() =>
        Assert.Contains("example.org", Assert.Throws<OptionException>(() => ListenAddress.Parse("example.org")).Message, StringComparison.Ordinal);

    public void Dispose() => _client.Dispose();

    private Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(new Uri(path, UriKind.Relative));

    private static async Task<string> ErrorAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
}
