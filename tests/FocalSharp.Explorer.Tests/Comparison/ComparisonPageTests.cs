using System.Text.Json;
using FocalSharp.Explorer.Tests.Support;

namespace FocalSharp.Explorer.Tests.Comparison;

[Collection(DetectorTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class ComparisonPageTests(BrowserFixture browser, DetectorSite site)
{
    [Fact]
    public async Task A_run_does_not_differ_from_itself()
    {
        using HttpClient client = new() { BaseAddress = site.Address };
        using JsonDocument json = JsonDocument.Parse(await client.GetStringAsync(new Uri("api/comparison?model=tiny&with=tiny", UriKind.Relative)));

        JsonElement ap = json.RootElement.GetProperty("metrics")[0];
        Assert.Equal(("AP", 6, 0.0, 0.0, 0.0), (ap.GetProperty("name").GetString(), ap.GetProperty("objects").GetInt32(), ap.GetProperty("difference").GetDouble(), ap.GetProperty("low").GetDouble(), ap.GetProperty("high").GetDouble()));
        Assert.Equal(
            ["2.png 3 0", "1.png 1 1", "0.png 0 1"], // three objects are found by neither in picture 2, one in picture 1
            json.RootElement.GetProperty("list").EnumerateArray().Select(image => $"{image.GetProperty("name").GetString()} {image.GetProperty("neither").GetInt32()} {image.GetProperty("both").GetInt32()}"));
    }

    [Fact]
    public async Task Two_models_are_side_by_side_on_an_image_although_one_saved_no_detections()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(new Uri(site.Address, "comparison?model=tiny&with=raw.onnx&image=1"));

        Assert.Contains("raw.onnx: there are no saved detections", await visit.Page.Locator("[data-notice]").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(await visit.Page.Locator("#stage-first .found").CountAsync(), await visit.Page.Locator("#stage-second .found").CountAsync()); // the same weights
        Assert.Contains("0 only by the first, 0 only by the second", await visit.Page.Locator("#found").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(visit.Errors);
    }
}
