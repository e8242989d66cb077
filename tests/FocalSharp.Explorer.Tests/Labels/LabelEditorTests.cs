using FocalSharp.Datasets.Patching;
using FocalSharp.Explorer.Tests.Support;
using Microsoft.Playwright;

namespace FocalSharp.Explorer.Tests.Labels;

[Collection(DetectorTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class LabelEditorTests(BrowserFixture browser, DetectorSite site)
{
    private string PatchPath => LabelPatch.GetPath(site.In("data"));

    [Fact]
    public async Task A_label_is_moved_added_deleted_and_restored_by_keyboard()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(new Uri(site.Address, "detections?model=tiny&image=0"));
        IKeyboard keyboard = visit.Page.Keyboard;

        await keyboard.PressAsync("l");
        await visit.WaitForFramesAsync();
        await keyboard.PressAsync("o");
        await visit.WaitForFramesAsync();
        Assert.Equal(1, await visit.Page.Locator("#labels [data-objects] [aria-pressed=true]").CountAsync());
        Assert.Equal(4, await visit.Page.Locator("#labels [data-edges] li").CountAsync());
        string edge = await visit.Page.Locator("#labels [data-edges] [aria-pressed=true]").InnerTextAsync();
        await keyboard.PressAsync(edge.StartsWith("left", StringComparison.Ordinal) || edge.StartsWith("right", StringComparison.Ordinal) ? "ArrowLeft" : "ArrowUp");
        await keyboard.PressAsync("Enter");
        await WaitForEditsAsync(visit, 1);

        await keyboard.PressAsync("b");
        await keyboard.PressAsync("Enter");
        await WaitForEditsAsync(visit, 2);
        await keyboard.PressAsync("d"); // the new label is selected
        await WaitForEditsAsync(visit, 3);

        LabelPatch patch = LabelPatch.Read(PatchPath);
        LabelEdit moved = patch.Edits[0];
        Assert.Equal("0.png", moved.Image);
        float[] differences = [.. Edges(moved.Before!).Zip(Edges(moved.After!), (before, after) => after - before)];
        Assert.Equal(-1f, Assert.Single(differences, value => value != 0)); // the most uncertain edge, by a pixel
        Assert.Equal(moved.After!.Class, patch.Edits[0].Before!.Class);
        Assert.Null(patch.Edits[1].Before);
        Assert.Equal(patch.Edits[1].After, patch.Edits[2].Before);

        for (int left = 2; left >= 0; left--)
        {
            await keyboard.PressAsync("u");
            await WaitForEditsAsync(visit, left);
            await visit.Page.Locator("body:not(.busy)").WaitForAsync();
        }

        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task A_checked_image_leads_to_the_next_one()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoReadyAsync(new Uri(site.Address, "detections?model=tiny&class=dog#correct=true"));
        await visit.WaitForImageAsync("1.png");
        Assert.Equal("Objects of class dog", await visit.Page.Locator("#browser-title").InnerTextAsync());
        Assert.Equal(1, await visit.Page.Locator("#stage .mark").CountAsync());
        Assert.Equal("1 of 2", await visit.Page.Locator("[data-place]").InnerTextAsync());

        await visit.Page.Keyboard.PressAsync("r");
        await visit.WaitForImageAsync("2.png");

        Assert.Contains("1.png", LabelPatch.Read(PatchPath).Reviewed);
        Assert.Equal("2 of 2", await visit.Page.Locator("[data-place]").InnerTextAsync());
        await visit.Page.Keyboard.PressAsync("p");
        await visit.WaitForImageAsync("1.png");
        Assert.Empty(visit.Errors);
    }

    private static Task WaitForEditsAsync(BrowserPage visit, int edits) =>
        visit.Page.Locator("#labels [data-state]", new() { HasText = $", {edits} in all" }).WaitForAsync();

    private static float[] Edges(PatchLabel label) => [label.Box.X1, label.Box.Y1, label.Box.X2, label.Box.Y2];
}
