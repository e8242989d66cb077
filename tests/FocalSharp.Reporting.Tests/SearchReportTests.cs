namespace FocalSharp.Reporting.Tests;

public sealed class SearchReportTests
{
    private static readonly SearchReport Report = new()
    {
        Title = "Search on <cells>",
        Command = "focalsharp train cells --recipe best.yaml",
        Axes = [new SearchReportAxis("optimizer.learningRate", ["0.0001", "0.01"], 0.7), new SearchReportAxis("input", ["320", "416", "640"], 0.2)],
        Trials =
        [
            new SearchReportTrial(0, 30, 0.2, ["0.001", "416"], [0.5, 0.5], IsBest: false),
            new SearchReportTrial(1, 30, 0.4, ["0.005", "640"], [0.85, 1], IsBest: true),
        ],
        HeldOutImages = 40,
        Difference = 0.2,
        StandardError = 0.05,
    };

    [Fact]
    public void Each_trial_is_a_line_from_axis_to_axis()
    {
        string html = Report.Render();

        string[] lines = [.. html.Split("<polyline points=\"").Skip(1).Select(part => part[..part.IndexOf('"', StringComparison.Ordinal)])];
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal(3, line.Split(' ').Length)); // two keys and the AP
        Assert.Contains("stroke:var(--c2)", html, StringComparison.Ordinal); // the best one
    }

    [Fact]
    public void The_best_values_are_compared_with_the_recipe()
    {
        string html = Report.Render();

        Assert.Contains("AP 0.400 after 30 steps; the recipe reaches 0.200 in the same steps, a difference of +0.200 ± 0.050", System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("<code>640</code>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_escaped() => Assert.DoesNotContain("<cells>", Report.Render(), StringComparison.Ordinal);

    [Fact]
    public void A_search_without_results_says_so() =>
        Assert.Contains("No trial has finished.", (Report with { Trials = [] }).Render(), StringComparison.Ordinal);
}
