using System.Net;
using FocalSharp.Explorer.Tests.Support;

namespace FocalSharp.Explorer.Tests.Reports;

public sealed class ReportApiTests(DetectorSite site) : IClassFixture<DetectorSite>, IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = site.Address };

    [Fact]
    public async Task A_report_is_shown_in_a_sandbox_with_links_to_this_explorer()
    {
        await File.WriteAllTextAsync(
            site.In("runs", "tiny", "report.html"),
            "<p><a class=\"images\" href=\"http://127.0.0.1:5750/detections?model=tiny&amp;class=cat\">4</a> <a href=\"http://127.0.0.1:5750/detections?x\">not one of ours</a></p>");

        using HttpResponseMessage response = await _client.GetAsync(new Uri("report?model=tiny", UriKind.Relative));
        string html = await response.Content.ReadAsStringAsync();

        Assert.Equal("<p><a class=\"images\" href=\"detections?model=tiny&amp;class=cat\">4</a> <a href=\"http://127.0.0.1:5750/detections?x\">not one of ours</a></p>", html);
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("sandbox allow-scripts; default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("same-origin", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Cross-Origin-Opener-Policy")); // browsers refuse it together with a sandbox
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("raw.onnx")]
    [InlineData("../secret")]
    public async Task A_model_without_a_report_has_none(string model)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri($"report?model={model}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    public void Dispose() => _client.Dispose();
}
