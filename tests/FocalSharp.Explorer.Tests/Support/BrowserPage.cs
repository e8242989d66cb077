using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace FocalSharp.Explorer.Tests.Support;

/// <summary>A page that is open, what went wrong in it, and what it asked for.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext? _context;
    private readonly List<string> _errors = [];
    private readonly List<string> _requests = [];

    internal BrowserPage(IPage page, IBrowserContext? context)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _errors.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _errors.Add(error);
        page.Request += (_, request) => _requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>Console errors and warnings, and uncaught errors.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Addresses that were asked for.</summary>
    public IReadOnlyList<string> Requests => _requests;

    /// <summary>Goes there and waits until the plots stand.</summary>
    public async Task GoAsync(Uri address)
    {
        await Page.GotoAsync(address.ToString());
        await WaitUntilAsync("document.readyState === 'complete' && [...document.querySelectorAll('div.plot')].every(plot => plot.querySelector('.main-svg'))");
    }

    /// <summary>Waits until an expression is true. Playwright's own waiting evaluates strings in the page, which its policy forbids.</summary>
    public async Task WaitUntilAsync(string expression)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!await Page.EvaluateAsync<bool>(expression))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), $"waited in vain for: {expression}\n{string.Join('\n', _errors)}");
            await Task.Delay(30);
        }
    }

    /// <summary>What a function of the page returns, as JSON.</summary>
    public async Task<JsonElement> EvaluateAsync(string function, object? argument = null)
    {
        string json = await Page.EvaluateAsync<string>($"async argument => JSON.stringify(await ({function})(argument))", argument);
        return JsonDocument.Parse(json).RootElement;
    }

    /// <summary>Moves a range control like a user, and waits until the page is drawn again.</summary>
    public async Task SlideAsync(string id, double value)
    {
        await Page.Locator($"#{id}").FillAsync(Text(value));
        await WaitForFramesAsync();
    }

    /// <summary>Waits for two frames: one draws what was asked, the next comes after it.</summary>
    public Task WaitForFramesAsync() =>
        Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))");

    /// <summary>Numbers along an axis of one trace of a plot.</summary>
    public async Task<double[]> TraceAsync(string plot, int trace, string axis) =>
        await Page.EvaluateAsync<double[]>($"Array.from(document.getElementById('{plot}').data[{trace}].{axis})");

    /// <summary>A number on the page in full precision.</summary>
    public async Task<double> ValueAsync(string name) =>
        double.Parse((await Page.Locator($"[data-value='{name}']").First.GetAttributeAsync("data-exact"))!, System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        if (_context is not null)
        {
            await _context.DisposeAsync();
        }
    }

    private static string Text(double value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
