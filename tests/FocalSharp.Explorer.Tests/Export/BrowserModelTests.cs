using System.Net;
using FocalSharp.Detections;
using FocalSharp.Explorer.Export;
using FocalSharp.Explorer.Losses;
using FocalSharp.Explorer.Tests.Support;
using FocalSharp.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace FocalSharp.Explorer.Tests.Export;

/// <summary>The exported page that runs a model in the browser, on a plain static server.</summary>
[Collection(DetectorTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class BrowserModelTests(BrowserFixture browser, DetectorSite site) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-export-").FullName;
    private WebApplication? _server;

    public async ValueTask InitializeAsync()
    {
        BrowserModel model = BrowserModel.Load(site.In("runs", "raw.onnx"), new ExplorerHints());
        StaticExport.Write(_folder, [new LossPages()], model);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add($"http://{IPAddress.Loopback}:0");
        _server.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(_folder),
            ServeUnknownFileTypes = true, // .onnx
        });
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_browser_finds_what_the_library_finds_and_does_so_without_a_connection()
    {
        await using BrowserPage visit = await browser.OpenAsync(new BrowserNewContextOptions { ViewportSize = new() { Width = 1280, Height = 900 } });
        Uri address = new(new Uri(_server!.Urls.First()), "detector.html");
        await visit.GoReadyAsync(address);
        await visit.Page.EvaluateAsync("() => navigator.serviceWorker.ready");

        await CompareAsync(visit);
        Assert.Empty(visit.Errors);

        await _server.StopAsync(TestContext.Current.CancellationToken);
        await visit.GoReadyAsync(address);
        await CompareAsync(visit);
    }

    [Fact]
    public void A_file_without_distributions_is_refused()
    {
        ModelException error = Assert.Throws<ModelException>(() => BrowserModel.Load(site.In("runs", "whole.onnx"), new ExplorerHints()));

        Assert.Contains("Export it with raw outputs", error.Message, StringComparison.Ordinal);
    }

    private async Task CompareAsync(BrowserPage visit)
    {
        await visit.Page.Locator("#file").SetInputFilesAsync(site.Picture(0));
        await visit.WaitForImageAsync("0.png");
        await visit.SlideAsync("score", 0.3);
        using Detector detector = Detector.Load(site.In("runs", "raw.onnx"));
        IReadOnlyList<Detection> expected = detector.Detect(site.Picture(0), new DetectOptions { ScoreThreshold = 0.3, IouThreshold = 0.6 });

        string[] scores = await visit.ColumnAsync(1);
        string[] boxes = await visit.ColumnAsync(6);

        Assert.Equal(expected.Count, scores.Length);
        Assert.All(expected.Zip(scores, boxes), pair =>
        {
            Assert.Equal(pair.First.Score, double.Parse(pair.Second, System.Globalization.CultureInfo.InvariantCulture), 0.005);
            Assert.Equal(pair.First.Box.X1, double.Parse(pair.Third.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture), 1.0);
        });
    }
}
