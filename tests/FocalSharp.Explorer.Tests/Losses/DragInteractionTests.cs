using FocalSharp.Explorer.Tests.Support;
using Microsoft.Playwright;

namespace FocalSharp.Explorer.Tests.Losses;

/// <summary>What is dragged: by mouse, and by keys alone.</summary>
[Collection(BrowserTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class DragInteractionTests(BrowserFixture browser, LossSite site)
{
    [Fact]
    public async Task A_bar_follows_the_mouse_and_dragging_sets_its_neighbors()
    {
        await using BrowserPage visit = await VisitAsync("distribution-focal-loss");
        double[] before = await visit.TraceAsync("logit-plot", 0, "y");
        LocatorBoundingBoxResult first = (await Bar(visit, 3).BoundingBoxAsync())!, last = (await Bar(visit, 5).BoundingBoxAsync())!;

        await visit.Page.Mouse.MoveAsync(first.X + (first.Width / 2), first.Y + (first.Height / 2));
        await visit.Page.Mouse.DownAsync();
        await visit.Page.Mouse.MoveAsync(last.X + (last.Width / 2), last.Y + (last.Height * 0.25f), new() { Steps = 8 });
        await visit.Page.Mouse.UpAsync();
        await visit.WaitForFramesAsync();

        double[] after = await visit.TraceAsync("logit-plot", 0, "y");
        Assert.Equal(4.2, after[5], 0.15);
        Assert.NotEqual(before[4], after[4]);
        Assert.Equal(before[2], after[2], 1e-6);
        Assert.Equal(before[6], after[6], 1e-6);
    }

    [Fact]
    public async Task A_bar_moves_with_the_keyboard_and_has_a_value_text()
    {
        await using BrowserPage visit = await VisitAsync("distribution-focal-loss");
        double[] before = await visit.TraceAsync("logit-plot", 0, "y");

        await Bar(visit, 0).FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.Keyboard.PressAsync("ArrowUp");
        await visit.Page.Keyboard.PressAsync("PageUp");
        await visit.WaitForFramesAsync();

        double[] after = await visit.TraceAsync("logit-plot", 0, "y");
        Assert.Equal(before[2] + 1.25, after[2], 1e-6);
        Assert.Equal(before[1], after[1], 1e-6);
        Assert.Contains("probability", await Bar(visit, 2).GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
        Assert.Equal(after[2], double.Parse((await Bar(visit, 2).GetAttributeAsync("aria-valuenow"))!, System.Globalization.CultureInfo.InvariantCulture), 0.006);
        Assert.True(await Bar(visit, 2).EvaluateAsync<bool>("bar => bar === document.activeElement"));
    }

    [Fact]
    public async Task A_box_is_dragged_whole_or_by_an_edge()
    {
        await using BrowserPage visit = await VisitAsync("box-geometry");
        ILocator body = visit.Page.GetByRole(AriaRole.Slider, new() { Name = "Predicted box", Exact = true });
        ILocator right = visit.Page.GetByRole(AriaRole.Slider, new() { Name = "Predicted box, right edge" });

        await DragAsync(visit, body, 40, -20);
        double[] moved = await BoxAsync(visit);
        Assert.Equal(120, moved[2] - moved[0], 0.01);
        Assert.True(moved[0] > 160 && moved[1] < 35);
        await DragAsync(visit, right, 30, 15);
        double[] wider = await BoxAsync(visit);
        Assert.Equal(moved[..2], wider[..2]);
        Assert.Equal(moved[3], wider[3]);
        Assert.True(wider[2] > moved[2] + 10);
    }

    [Fact]
    public async Task A_box_and_its_edges_move_by_keys_and_stay_on_the_stage()
    {
        await using BrowserPage visit = await VisitAsync("box-geometry");

        await visit.Page.GetByRole(AriaRole.Slider, new() { Name = "Predicted box", Exact = true }).FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.Keyboard.PressAsync("Shift+ArrowDown");
        await visit.WaitForFramesAsync();
        Assert.Equal((double[])[152, 50, 272, 150], await BoxAsync(visit));
        await visit.Page.GetByRole(AriaRole.Slider, new() { Name = "Predicted box, left edge" }).FocusAsync();
        for (int i = 0; i < 20; i++)
        {
            await visit.Page.Keyboard.PressAsync("Shift+ArrowLeft");
        }

        await visit.WaitForFramesAsync();
        Assert.Equal((double[])[0, 50, 272, 150], await BoxAsync(visit));
    }

    [Fact]
    public async Task Changes_are_announced_to_a_screen_reader()
    {
        await using BrowserPage visit = await VisitAsync("focal-loss");

        await visit.SlideAsync("p", 0.5);

        await visit.WaitUntilAsync("document.querySelector('[data-live]').textContent.includes('At p 0.50')");
        Assert.Equal("p 0.50", await visit.Page.Locator("#p").GetAttributeAsync("aria-valuetext"));
    }

    [Fact]
    public async Task Readers_who_want_less_motion_see_the_end_at_once()
    {
        await using BrowserPage visit = await browser.OpenAsync(new() { ReducedMotion = ReducedMotion.Reduce, ViewportSize = new() { Width = 1280, Height = 900 } });
        await visit.GoAsync(new Uri(site.Address, "distribution-focal-loss"));

        await visit.Page.GetByText("Descend", new() { Exact = true }).ClickAsync();
        await visit.WaitForFramesAsync();

        Assert.Equal("Descend", await visit.Page.Locator("#descend").TextContentAsync());
        Assert.True(await visit.ValueAsync("miss") < 0.05);
    }

    [Fact]
    public async Task What_a_reader_sees_can_be_linked_to()
    {
        await using BrowserPage visit = await VisitAsync("quality-focal-loss");
        await visit.SlideAsync("y", 0.36);
        await visit.WaitUntilAsync("location.hash.includes('y=0.36')");

        await using BrowserPage other = await browser.OpenAsync();
        await other.GoAsync(new Uri(visit.Page.Url));

        Assert.Equal("0.36", await other.Page.Locator("#y").InputValueAsync());
    }

    [Theory]
    [InlineData("focal-loss#gamma=banana&p=1e9&branch=none")]
    [InlineData("distribution-focal-loss#logits=1,2,%3Cscript%3E&n=7&y=99")]
    [InlineData("distribution-focal-loss#logits=Infinity,NaN&n=-3")]
    [InlineData("generalized-focal-loss#yl=9&yr=1&y=50&pl=1&pr=1")]
    [InlineData("box-geometry#predicted=9e9,a,1,1&target=1,1,0,0&measure=x")]
    public async Task A_broken_link_still_shows_a_page(string address)
    {
        await using BrowserPage visit = await VisitAsync(address);

        Assert.Empty(visit.Errors);
        Assert.True(double.IsFinite(await visit.ValueAsync("loss")));
    }

    private async Task<BrowserPage> VisitAsync(string page)
    {
        BrowserPage visit = await browser.OpenAsync();
        await visit.GoAsync(new Uri(site.Address, page));
        return visit;
    }

    private static ILocator Bar(BrowserPage visit, int bin) => visit.Page.GetByRole(AriaRole.Slider, new() { Name = $"Logit of bin {bin}", Exact = true });

    private static async Task DragAsync(BrowserPage visit, ILocator what, float dx, float dy)
    {
        await what.ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult box = (await what.BoundingBoxAsync())!;
        (float x, float y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await visit.Page.Mouse.MoveAsync(x, y);
        await visit.Page.Mouse.DownAsync();
        await visit.Page.Mouse.MoveAsync(x + dx, y + dy, new() { Steps = 4 });
        await visit.Page.Mouse.UpAsync();
        await visit.WaitForFramesAsync();
    }

    private static async Task<double[]> BoxAsync(BrowserPage visit) =>
        [.. (await visit.Page.Locator("#predicted").InputValueAsync()).Split(',').Select(part => double.Parse(part, System.Globalization.CultureInfo.InvariantCulture))];
}
