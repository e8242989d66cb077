using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace FocalSharp.Serving.Tests.Support;

/// <summary>The service on a loopback port of its own, with a client.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private RunningService(ServingHost host, FakeDetector model)
    {
        (Host, Model) = (host, model);
        Client = new HttpClient { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public ServingHost Host { get; }

    public FakeDetector Model { get; }

    public HttpClient Client { get; }

    public static async Task<RunningService> StartAsync(ServingOptions? options = null, FakeDetector? model = null)
    {
        model ??= new FakeDetector();
        return new RunningService(await ServingHost.StartAsync(model, (options ?? new ServingOptions()) with { Port = 0 }), model);
    }

    public Task<HttpResponseMessage> PostAsync(string route, byte[] body, string? type = "application/octet-stream") => Client.PostAsync(route, Bytes(body, type));

    public Task<HttpResponseMessage> PostFormAsync(string route, params (string Name, byte[] Bytes)[] images)
    {
        MultipartFormDataContent form = [];
        foreach ((string name, byte[] bytes) in images)
        {
            form.Add(Bytes(bytes, "image/jpeg"), "image", name);
        }

        return Client.PostAsync(route, form);
    }

    public static ByteArrayContent Bytes(byte[] body, string? type)
    {
        ByteArrayContent content = new(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return content;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>Asserts that the answer is a well-formed problem with this status, and returns its detail.</summary>
    public static async Task<string> AssertProblemAsync(int status, HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Matches("^[a-z_]+$", problem.GetProperty("code").GetString()!);
        string detail = problem.GetProperty("detail").GetString()!;
        Assert.NotEmpty(detail);
        Assert.DoesNotContain("   at ", detail, StringComparison.Ordinal);
        return detail;
    }

    public async ValueTask DisposeAsync()
    {
        Model.Unblock();
        Client.Dispose();
        await Host.DisposeAsync();
    }
}
