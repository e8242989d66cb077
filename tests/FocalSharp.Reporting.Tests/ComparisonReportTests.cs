using System.Net;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Reporting.Tests;

public sealed class ComparisonReportTests
{
    private static readonly DetectionReport First = SampleReport.Create() with { Title = "<first>" };

    [Fact]
    public void A_run_does_not_differ_from_itself()
    {
        string html = Render(First, First with { Title = "second" });

        Assert.Contains("The difference of AP, 0.000, may be chance", html, StringComparison.Ordinal);
        Assert.Contains("0.000 to 0.000", html, StringComparison.Ordinal);
        Assert.Contains("only <first> finds 0, only second 0", html, StringComparison.Ordinal);
        Assert.Contains("The settings are the same.", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_differ_are_listed()
    {
        string html = Render(First, First with { Title = "second", Settings = [new("seed", "2"), new("optimizer.learningRate", "0.02"), new("model.head.regMax", "16")] });

        Assert.Contains("<th scope=\"row\">seed</th><td class=\"text\"><code>1</code></td><td class=\"text\"><code>2</code></td>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<th scope=\"row\">optimizer.learningRate", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Curves_of_both_runs_are_in_one_chart()
    {
        string html = Render(First, First with { Title = "second" });

        Assert.Contains("Quality focal loss", html, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"second\"", html.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_escaped() => Assert.DoesNotContain("<first>", ComparisonReport.Create(First, First).Render(), StringComparison.Ordinal);

    [Fact]
    public void Every_object_is_found_by_both_one_or_neither()
    {
        DetectorComparison values = DetectorComparison.Create(First.Analysis!.Matched, First.Analysis!.Matched);

        Assert.Equal(First.Analysis!.Matched.Objects.Count, values.Objects.Count);
        Assert.Equal(First.Analysis!.Images.Sum(image => image.Found), values.Objects.Count(item => item is { ByFirst: true, BySecond: true }));
        Assert.Equal(First.Metrics!.AP, values.Headline[0].First!.Value, 1e-9);
        Assert.Equal(First.Metrics!.AP75, values.Headline[2].Second!.Value, 1e-9);
    }

    private static string Render(DetectionReport first, DetectionReport second) => WebUtility.HtmlDecode(ComparisonReport.Create(first, second).Render());
}
