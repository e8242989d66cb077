using System.Text.Json;
using Deque.AxeCore.Commons;

namespace FocalSharp.Explorer.Tests.Support;

/// <summary>What axe finds on a page.</summary>
internal static class AxeAssertions
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>Asserts that axe finds no serious or critical violation on the page.</summary>
    public static async Task AssertNoSevereViolationAsync(this BrowserPage visit)
    {
        await visit.Page.EvaluateAsync(Script + "; undefined");

        // The page filters: a plot has thousands of elements, and to send what passes takes longer than to check it.
        JsonElement result = await visit.EvaluateAsync("""
            async () => {
              const { violations, passes } = await axe.run(document, { resultTypes: ["violations"] });
              const severe = violations.filter(item => ["serious", "critical"].includes(item.impact));
              return { passed: passes.length, severe: severe.map(item => `${item.id}: ${item.help}: ${item.nodes.map(node => node.html).join(" | ")}`) };
            }
            """);

        Assert.True(result.GetProperty("passed").GetInt32() > 0);
        Assert.Empty(result.GetProperty("severe").EnumerateArray().Select(item => item.GetString()));
    }
}
