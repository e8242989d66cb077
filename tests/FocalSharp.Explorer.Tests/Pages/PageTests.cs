using FocalSharp.Explorer.Tests.Support;
using Microsoft.Playwright;

namespace FocalSharp.Explorer.Tests.Pages;

/// <summary>Requirements of every page.</summary>
[Collection(BrowserTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class PageTests(BrowserFixture browser, LossSite site)
{
    public static TheoryData<string> AllPages => LossSite.AllPages;

    public static TheoryData<string, ColorScheme, int> Viewports
    {
        get
        {
            TheoryData<string, ColorScheme, int> looks = [];
            foreach (string page in LossSite.Slugs)
            {
                looks.Add(page, ColorScheme.Light, 1280);
                looks.Add(page, ColorScheme.Dark, 390);
            }

            return looks;
        }
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public async Task Nothing_goes_wrong_and_nothing_comes_from_elsewhere(string page)
    {
        await using BrowserPage visit = await browser.OpenAsync();

        await visit.GoAsync(new Uri(site.Address, page));

        Assert.Empty(visit.Errors);
        Assert.All(visit.Requests, request => Assert.True(request.StartsWith(site.Address.ToString(), StringComparison.Ordinal) || request.StartsWith("data:", StringComparison.Ordinal), request));
    }

    [Theory]
    [MemberData(nameof(Viewports))]
    public async Task Axe_finds_no_serious_violation(string page, ColorScheme scheme, int width)
    {
        await using BrowserPage visit = await browser.OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        await visit.GoAsync(new Uri(site.Address, page));

        await visit.AssertNoSevereViolationAsync();
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public async Task A_phone_needs_no_sideways_scrolling(string page)
    {
        await using BrowserPage visit = await browser.OpenAsync(new() { ViewportSize = new() { Width = 390, Height = 844 }, IsMobile = true, HasTouch = true });
        await visit.GoAsync(new Uri(site.Address, page));

        Assert.Equal(390, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        string[] wide = await visit.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('main *')].filter(e => !e.closest('div.plot, .visually-hidden') && e.getBoundingClientRect().right > 390.5).map(e => e.outerHTML.slice(0, 90))");
        Assert.Empty(wide);
        string[] cut = await visit.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('div.plot')].filter(p => Math.abs(p.querySelector('.main-svg').getBoundingClientRect().width - p.clientWidth) > 1).map(p => p.id)");
        Assert.Empty(cut);
    }

    [Fact]
    public async Task Colors_follow_the_system_and_the_button()
    {
        await using BrowserPage visit = await browser.OpenAsync(new() { ColorScheme = ColorScheme.Dark });
        await visit.GoAsync(new Uri(site.Address, "focal-loss"));
        Task<string> LineAsync() => visit.Page.EvaluateAsync<string>("document.getElementById('loss-plot').data[1].line.color");
        Task<string> PaperAsync() => visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        (string darkLine, string darkPaper) = (await LineAsync(), await PaperAsync());

        await visit.Page.Locator("[data-theme-toggle]").ClickAsync();
        await visit.WaitForFramesAsync();

        Assert.Equal("Colors: light", await visit.Page.Locator("[data-theme-toggle]").GetAttributeAsync("aria-label"));
        Assert.NotEqual(darkLine, await LineAsync());
        Assert.NotEqual(darkPaper, await PaperAsync());
        await visit.Page.ReloadAsync();
        Assert.Equal("light", await visit.Page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public async Task Links_lead_somewhere_and_the_page_knows_where_it_is(string page)
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoAsync(new Uri(site.Address, page));

        string[] links = await visit.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[href]')].map(a => a.href).filter(a => a.startsWith(location.origin))");
        Assert.NotEmpty(links);
        foreach (string link in links.Distinct())
        {
            Assert.True((await visit.Page.APIRequest.GetAsync(link)).Ok, link);
        }

        Assert.Equal(page.Length == 0 ? 0 : 1, await visit.Page.Locator(".bar [aria-current=page]").CountAsync());
        Assert.Equal(1, await visit.Page.Locator("h1").CountAsync());
    }

    [Theory]
    [MemberData(nameof(LossSite.PlotPages), MemberType = typeof(LossSite))]
    public async Task Each_plot_shows_values_on_hover_and_has_axis_titles(string page)
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoAsync(new Uri(site.Address, page));

        foreach (ILocator plot in await visit.Page.Locator("div.plot").AllAsync())
        {
            string[] titles = await plot.EvaluateAsync<string[]>("plot => [plot.layout.xaxis.title?.text, plot.layout.yaxis.title?.text].map(text => text ?? '')");
            Assert.False(string.IsNullOrEmpty(titles[1]));
            if (await plot.GetAttributeAsync("id") == "logit-plot")
            {
                continue; // lies under the bars' sliders, and over the softmax, which names the bins
            }

            Assert.False(string.IsNullOrEmpty(titles[0]));
            await plot.ScrollIntoViewIfNeededAsync();
            LocatorBoundingBoxResult box = (await plot.BoundingBoxAsync())!;
            await visit.Page.Mouse.MoveAsync(box.X + (box.Width * 0.4f), box.Y + (box.Height * 0.75f));
            await visit.Page.Mouse.MoveAsync(box.X + (box.Width * 0.42f), box.Y + (box.Height * 0.78f));
            ILocator tip = plot.Locator("xpath=following-sibling::*[1][contains(@class, 'heat-tip')]"); // of a heat map
            await (await tip.CountAsync() > 0
                ? tip.WaitForAsync()
                : plot.Locator(".hoverlayer text").First.WaitForAsync(new() { State = WaitForSelectorState.Attached }));
        }
    }
}
