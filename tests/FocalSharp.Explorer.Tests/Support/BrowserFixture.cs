using Microsoft.Playwright;

namespace FocalSharp.Explorer.Tests.Support;

/// <summary>
/// One Chromium for all tests of the collection: the system's own, so that nothing is downloaded. Without it the tests that ask for a
/// page are skipped, and say so.
/// </summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] ChromiumPaths =
    [
        Environment.GetEnvironmentVariable("FOCALSHARP_CHROMIUM") ?? "",
        "/usr/bin/chromium-headless-shell", // half the time of the whole browser
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--process-per-site", "--renderer-process-limit=1",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowserContext? _shared; // scripts are loaded and compiled once

    public ValueTask InitializeAsync() => default;

    /// <summary>
    /// An empty page, which records what goes wrong in it: at 1280 by 900 in a context that such pages share, or with options in one of
    /// its own.
    /// </summary>
    public async Task<BrowserPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        if (_browser is null && Array.Find(ChromiumPaths, File.Exists) is { } chromium)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments });
        }

        Assert.SkipWhen(_browser is null, "no Chromium: install it (apt-get install chromium) or name it in FOCALSHARP_CHROMIUM");
        if (options is not null)
        {
            IBrowserContext own = await NewContextAsync(_browser, options);
            return new BrowserPage(await own.NewPageAsync(), own);
        }

        _shared ??= await NewContextAsync(_browser, new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        return new BrowserPage(await _shared.NewPageAsync(), context: null);
    }

    private static async Task<IBrowserContext> NewContextAsync(IBrowser browser, BrowserNewContextOptions options)
    {
        IBrowserContext context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(60_000); // machines that run tests are busy
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
