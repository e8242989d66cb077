using System.Net;
using System.Text.RegularExpressions;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Reporting.Tests;

public sealed partial class ImageLinksTests
{
    private static readonly ImageLinks Links = new("http://127.0.0.1:5750/", "cells & co", "focalsharp explore 'runs/cells & co'");

    [Fact]
    public void Every_number_of_objects_and_errors_links_to_its_images()
    {
        DetectionReport report = SampleReport.Create() with { Links = Links };
        DetectionAnalysis analysis = report.Analysis!;

        Dictionary<string, List<string>> links = [];
        foreach (Match match in Anchor().Matches(HtmlReport.Render(report)))
        {
            string address = WebUtility.HtmlDecode(match.Groups[1].Value);
            Assert.StartsWith("http://127.0.0.1:5750/detections?model=cells%20%26%20co&", address, StringComparison.Ordinal);
            string filter = address[(address.IndexOf('&', StringComparison.Ordinal) + 1)..];
            links.TryAdd(filter, []);
            links[filter].Add(WebUtility.HtmlDecode(match.Groups[2].Value));
        }

        ClassMetrics car = analysis.Metrics.PerClass.First(row => row.Name == "car");
        Assert.Contains($"{car.GroundTruths}", links["class=car"]);
        Assert.Equal([$"{car.LargeGroundTruths}"], links["class=car&size=large"]);
        Assert.Equal([$"{analysis.Images.Sum(image => image[ErrorKind.Missed])}"], links["error=missed"]);
        ConfusionMatrix matrix = analysis.Confusion;
        for (int row = 0; row < matrix.BackgroundIndex; row++)
        {
            for (int column = 0; column <= matrix.BackgroundIndex; column++)
            {
                string cell = $"annotated={matrix.Classes[row]}&detected={(column == matrix.BackgroundIndex ? "" : matrix.Classes[column])}";
                string[] expected = matrix[row, column] > 0 ? [$"{matrix[row, column]}"] : []; // nothing to open for 0
                Assert.Equal(expected, links.GetValueOrDefault(cell, []));
            }
        }

        LabelIssue issue = analysis.Issues[0];
        Assert.Contains($"issue={AnalysisJson.NameOf(issue.Kind)}&file={Uri.EscapeDataString(analysis.NameOf(issue.ImageId))}#correct=true", links.Keys);
    }

    [Fact]
    public void The_command_that_starts_the_explorer_is_on_the_page() =>
        Assert.Contains(Links.Command, WebUtility.HtmlDecode(HtmlReport.Render(SampleReport.Create() with { Links = Links })), StringComparison.Ordinal);

    [Fact]
    public void Without_an_explorer_nothing_is_linked() =>
        Assert.DoesNotContain("class=\"images\"", HtmlReport.Render(SampleReport.Create()), StringComparison.Ordinal);

    [GeneratedRegex("<a class=\"images\" href=\"([^\"]*)\">([^<]*)</a>")]
    private static partial Regex Anchor();
}
