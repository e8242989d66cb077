namespace FocalSharp.Explorer.Tests.Support;

/// <summary>Waits, by locators alone since the pages' policy forbids evaluating text, for pages that ask the explorer before they show something.</summary>
internal static class ReadyPageExtensions
{
    /// <summary>Goes there and waits until the page says that it is ready.</summary>
    public static async Task GoReadyAsync(this BrowserPage visit, Uri address)
    {
        await visit.Page.GotoAsync(address.ToString());
        await visit.Page.Locator("body.ready").WaitForAsync();
        await visit.Page.Locator("body:not(.busy)").WaitForAsync();
        await visit.WaitForFramesAsync();
    }

    /// <summary>Waits until the picture of a name is on the stage with its boxes.</summary>
    public static async Task WaitForImageAsync(this BrowserPage visit, string name)
    {
        await visit.Page.Locator("#stage-name", new() { HasText = name }).WaitForAsync();
        await visit.Page.Locator("body:not(.busy)").WaitForAsync();
        await visit.WaitForFramesAsync();
    }

    /// <summary>The texts of a column of the table of detections.</summary>
    public static Task<string[]> ColumnAsync(this BrowserPage visit, int column) => visit.Page.EvaluateAsync<string[]>(
        "column => [...document.querySelectorAll('#table tbody tr')].map(row => row.children[column].textContent)", column);
}
