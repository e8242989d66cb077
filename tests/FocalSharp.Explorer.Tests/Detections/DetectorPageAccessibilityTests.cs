using FocalSharp.Explorer.Tests.Support;
using Microsoft.Playwright;

namespace FocalSharp.Explorer.Tests.Detections;

/// <summary>What the pages of a detector owe their reader.</summary>
[Collection(DetectorTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class DetectorPageAccessibilityTests(BrowserFixture browser, DetectorSite site)
{
    [Theory]
    [InlineData("detections", ColorScheme.Light, 1280)]
    [InlineData("detections", ColorScheme.Dark, 390)]
    [InlineData("detections?model=tiny&image=0#correct=true", ColorScheme.Light, 390)]
    [InlineData("comparison?model=tiny&with=raw.onnx", ColorScheme.Dark, 1280)]
    [InlineData("calibration", ColorScheme.Light, 390)]
    [InlineData("calibration", ColorScheme.Dark, 1280)]
    public async Task Axe_finds_no_serious_violation_and_the_console_stays_empty(string page, ColorScheme scheme, int width)
    {
        await using BrowserPage visit = await browser.OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        await visit.GoReadyAsync(new Uri(site.Address, page));

        await visit.AssertNoSevereViolationAsync();
        Assert.Empty(visit.Errors);
        Assert.All(visit.Requests, request => Assert.True(
            request.StartsWith(site.Address.ToString(), StringComparison.Ordinal) || request.StartsWith("data:", StringComparison.Ordinal), request));
    }

    [Theory]
    [InlineData("detections")]
    [InlineData("detections#correct=true")]
    [InlineData("comparison")]
    [InlineData("calibration")]
    public async Task A_phone_needs_no_sideways_scrolling(string page)
    {
        await using BrowserPage visit = await browser.OpenAsync(new() { ViewportSize = new() { Width = 390, Height = 844 }, IsMobile = true, HasTouch = true });
        await visit.GoReadyAsync(new Uri(site.Address, page));

        Assert.Equal(390, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Calibration_shows_the_numbers_of_the_run()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(new Uri(site.Address, "calibration?model=tiny"));

        // Two detections of score 0.9 that fit exactly, hence eight edges without error.
        Assert.Contains("2 detections", await visit.Page.Locator("#score-note").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("calibration error 0.100", await visit.Page.Locator("#score-note").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("8 edges", await visit.Page.Locator("#edge-note").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(["left", "top", "right", "bottom", "all"], await visit.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('#coverage tbody th')].map(item => item.textContent)"));
        Assert.Equal("100.0 %", await visit.Page.Locator("#coverage tbody tr").Last.Locator("td").Nth(1).TextContentAsync());
        Assert.Equal([0.9], (await visit.TraceAsync("score-plot", 2, "x")).Select(score => Math.Round(score, 6)));
    }

    [Fact]
    public async Task A_file_without_a_run_says_why_there_is_no_calibration()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(new Uri(site.Address, "calibration?model=raw.onnx"));

        Assert.Contains("Evaluate raw.onnx", await visit.Page.Locator("[data-notice]").TextContentAsync(), StringComparison.Ordinal);
        Assert.False(await visit.Page.Locator("#numbers").IsVisibleAsync());
    }
}
