using FocalSharp.Explorer.Export;
using FocalSharp.Explorer.Losses;
using FocalSharp.Explorer.Tests.Support;

namespace FocalSharp.Explorer.Tests.Export;

[Collection(BrowserTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class StaticExportTests(BrowserFixture browser) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-export-").FullName;

    [Fact]
    public async Task Exported_pages_open_from_disk_and_load_nothing_from_elsewhere()
    {
        IReadOnlyList<string> files = StaticExport.Write(_folder, [new LossPages()]);
        Assert.Equal(LossSite.Slugs.Count, files.Count);
        await using BrowserPage visit = await browser.OpenAsync(new() { Offline = true });
        string folder = new Uri(_folder + "/").ToString();
        foreach (string file in files)
        {
            int before = visit.Requests.Count;

            await visit.GoAsync(new Uri(file));

            Assert.Empty(visit.Errors);
            Assert.All(visit.Requests.Skip(before), request => Assert.True(request.StartsWith(folder, StringComparison.Ordinal) || request.StartsWith("data:", StringComparison.Ordinal), request));
        }
    }

    [Fact]
    public async Task Exported_pages_answer_like_the_served_ones_and_lead_to_each_other()
    {
        StaticExport.Write(_folder, [new LossPages()]);
        await using BrowserPage visit = await browser.OpenAsync(new() { Offline = true });
        await visit.GoAsync(new Uri(Path.Combine(_folder, "index.html")));

        await visit.Page.GetByText("Start with Focal Loss").ClickAsync();
        await visit.Page.WaitForURLAsync("**/focal-loss.html");
        await visit.WaitUntilAsync("document.querySelector('#loss-plot .main-svg') !== null");
        await visit.SlideAsync("gamma", 1.2);

        Assert.EndsWith("focal-loss.html", new Uri(visit.Page.Url).AbsolutePath, StringComparison.Ordinal);
        Assert.Equal(-Math.Pow(0.1, 1.2) * Math.Log(0.9), await visit.ValueAsync("loss"), 1e-9);
        Assert.Equal(Math.Log(2), await visit.Page.EvaluateAsync<double>("focalsharp.evaluate('fl', { p: 0.5, gamma: 0 }).loss"), 1e-12);
    }

    [Fact]
    public void An_earlier_export_is_replaced_and_a_page_of_somebody_elses_is_not()
    {
        StaticExport.Write(_folder, [new LossPages()]);
        StaticExport.Write(_folder, [new LossPages()]);
        string index = Path.Combine(_folder, "index.html");
        File.WriteAllText(index, "<h1>my own page</h1>");
        File.Delete(Path.Combine(_folder, "focal-loss.html"));

        FileException error = Assert.Throws<FileException>(() => StaticExport.Write(_folder, [new LossPages()]));

        Assert.Contains(index, error.Message, StringComparison.Ordinal);
        Assert.Equal("<h1>my own page</h1>", File.ReadAllText(index));
        Assert.False(File.Exists(Path.Combine(_folder, "focal-loss.html"))); // all or nothing
    }

    [Fact]
    public void Link_previews_have_the_address_of_the_site()
    {
        StaticExport.Write(_folder, [new LossPages()], address: new Uri("https://example.org/gfl/"));

        Assert.Contains("content=\"https://example.org/gfl/assets/preview.png\"", File.ReadAllText(Path.Combine(_folder, "index.html")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "assets", "preview.png")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
