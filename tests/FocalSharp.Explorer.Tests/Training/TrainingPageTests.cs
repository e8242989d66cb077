using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Explorer.Tests.Support;
using FocalSharp.Explorer.Training;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Training.Loop;

namespace FocalSharp.Explorer.Tests.Training;

[Collection(DetectorTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class TrainingPageTests(BrowserFixture browser, DetectorSite site)
{
    [Fact]
    public async Task The_page_follows_a_run()
    {
        TrainingFeed feed = new();
        await using ExplorerHost host = await ExplorerHost.StartAsync(new ExplorerOptions { Port = 0 }, [new TrainingPages(feed)], TestContext.Current.CancellationToken);
        await using BrowserPage visit = await browser.OpenAsync();
        feed.Report(CreateStep(9));

        await visit.GoReadyAsync(new Uri(host.Address, TrainingPages.Slug));
        Assert.Equal("10 of 40", await visit.Page.Locator("#step").TextContentAsync());

        feed.Report(CreateStep(19));
        await visit.WaitUntilAsync("document.getElementById('step').textContent === '20 of 40'");
        feed.End("The run has ended.");
        await visit.WaitUntilAsync("document.getElementById('phase').textContent === 'The run has ended.'");

        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task Pictures_fit_their_columns_on_a_phone()
    {
        string file = Path.Combine(Path.GetTempPath(), $"focalsharp-{Guid.NewGuid():N}.png");
        ImageEncoder.SavePng(new RgbImage(640, 480), file);
        DatasetImage image = new() { Id = 1, FileName = "wide.png", Path = file, Width = 640, Height = 480, Split = DatasetSplit.Val, Objects = [] };
        DetectionDataset data = new() { Name = "two", Classes = ["cat"], CategoryIds = [1], Images = [image, image with { Id = 2 }] };
        TrainingFeed feed = new();
        try
        {
            feed.ReportEvaluation(new EvaluationContext(data, [[], []], CocoEvaluator.Evaluate(data, [[], []]), null!));
        }
        finally
        {
            File.Delete(file);
        }

        await using ExplorerHost host = await ExplorerHost.StartAsync(new ExplorerOptions { Port = 0 }, [new TrainingPages(feed)], TestContext.Current.CancellationToken);
        await using BrowserPage visit = await browser.OpenAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });

        await visit.GoReadyAsync(new Uri(host.Address, TrainingPages.Slug));
        await visit.WaitUntilAsync("document.images.length === 2 && [...document.images].every(image => image.naturalWidth > 0)");

        Assert.True(await visit.Page.EvaluateAsync<bool>(
            "[...document.images].every(image => image.getBoundingClientRect().width <= image.parentElement.getBoundingClientRect().width + 0.5)"));
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('main *')].filter(e => !e.closest('div.plot') && e.getBoundingClientRect().right > 390.5).map(e => e.outerHTML.slice(0, 90))"));
        Assert.Equal(390, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task The_data_page_shows_the_objects_and_a_batch_of_the_run()
    {
        await using BrowserPage visit = await browser.OpenAsync();

        await visit.GoReadyAsync(new Uri(site.Address, "data"));
        await visit.WaitUntilAsync("document.getElementById('batch').naturalWidth > 0");

        Assert.Contains("1 training image, ", await visit.Page.Locator("#summary").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal("1", await visit.Page.Locator("[data-value=count]").TextContentAsync());
        Assert.Empty(visit.Errors);
    }

    private static TrainingProgress CreateStep(int step) => new()
    {
        Event = TrainingEvent.StepCompleted,
        Message = "",
        TotalSteps = 40,
        TotalEpochs = 2,
        Step = new StepMetrics(0, step, 0.5, 0.4, 0.1, 1, 0.01, 1, 8, 0.1, 0, Skipped: false),
    };
}
