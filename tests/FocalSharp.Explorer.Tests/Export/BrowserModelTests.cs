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
        FileServerOptions options = new() { FileProvider = new PhysicalFileProvider(_folder) }; // with index.html for the folder
        options.StaticFileOptions.ServeUnknownFileTypes = true; // .onnx
        _server.UseFileServer(options);
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

    // Without NMS, and at a threshold that no score is near: pixels differ by rounding.
    private async Task CompareAsync(BrowserPage visit)
    {
        using Detector detector = Detector.Load(site.In("runs", "raw.onnx"));
        IReadOnlyList<Detection> all = detector.Detect(site.Picture(0), new DetectOptions { ScoreThreshold = 0.02, IouThreshold = 1, MaxDetections = 800 });
        double threshold = Enumerable.Range(20, 60).Select(step => step / 100.0)
            .Where(value => all.Count(item => item.Score > value) is > 0 and <= 100)
            .MaxBy(value => all.Min(item => Math.Abs(item.Score - value)));
        Detection[] expected = [.. all.Where(item => item.Score > threshold)];

        await visit.Page.Locator("#file").SetInputFilesAsync(site.Picture(0));
        await visit.WaitForImageAsync("0.png");
        await visit.SlideAsync("nms", 1);
        await visit.SlideAsync("score", threshold);
        double[] scores = [.. (await visit.ColumnAsync(1)).Select(Parse).Order()];
        double[] lefts = [.. (await visit.ColumnAsync(6)).Select(box => Parse(box.Split(',')[0])).Order()];

        Assert.Equal(expected.Length, scores.Length);
        Assert.All(expected.Select(item => (double)item.Score).Order().Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 0.005));
        Assert.All(expected.Select(item => (double)item.Box.X1).Order().Zip(lefts), pair => Assert.Equal(pair.First, pair.Second, 1.0));
    }

    private static double Parse(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
