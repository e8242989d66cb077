using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace FocalSharp.Explorer.Tests.Support;

/// <summary>What axe finds on a page.</summary>
internal static class AxeAssertions
{
    private static readonly string[] SevereImpacts = ["serious", "critical"];

    /// <summary>Asserts that axe finds no serious or critical violation on the page.</summary>
    public static async Task AssertNoSevereViolationAsync(this BrowserPage visit)
    {
        // Of what passes one example a rule is enough: a plot has thousands of elements, and telling each takes most of the time.
        AxeResult result = await visit.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });

        Assert.NotEmpty(result.Passes);
        string[] errors = [.. result.Violations.Where(item => SevereImpacts.Contains(item.Impact)).Select(item => $"{item.Id}: {item.Help}: {string.Join(" | ", item.Nodes.Select(node => node.Html))}")];
        Assert.True(errors.Length == 0, string.Join('\n', errors));
    }
}
