using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging;
using Microsoft.DotNet.Interactive.Formatting;

namespace FocalSharp.Runtime.Tests.Notebooks;

/// <summary>What .NET Interactive, which finds the formatters by their names, shows for values of the libraries.</summary>
public class NotebookTests
{
    private static readonly Runtime.Detections Found = new(
        [new Detection(new Box(10, 20, 30, 40), 1, 0.9f, new SideValues(1, 2, 3, 4)), new Detection(new Box(5, 5, 9, 9), 0, 0.5f, default)], ["<cat>", "dog"], 64, 48);

    [Fact]
    public void Detections_are_a_drawing_and_a_table()
    {
        Assert.Equal([HtmlFormatter.MimeType], Formatter.GetPreferredMimeTypesFor(typeof(Runtime.Detections)));
        string html = Found.ToDisplayString(HtmlFormatter.MimeType);
        Assert.Contains("<svg viewBox=\"0 0 64 48\"", html, StringComparison.Ordinal);
        Assert.Contains("<rect x=\"10.0\" y=\"20.0\" width=\"20.0\" height=\"20.0\"", html, StringComparison.Ordinal);
        Assert.Contains("<line x1=\"30.0\" y1=\"20.0\" x2=\"30.0\" y2=\"40.0\" stroke-width=\"6.0\"/>", html, StringComparison.Ordinal);
        Assert.Contains("<tr><td>dog</td><td>0.90</td>", html, StringComparison.Ordinal);
        Assert.Contains("<td>1.0</td><td>2.0</td><td>3.0</td><td>4.0</td></tr>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Class_names_are_escaped()
    {
        string html = Found.ToDisplayString(HtmlFormatter.MimeType);
        Assert.Contains("&lt;cat&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<cat>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void No_detections_are_a_sentence() => Assert.Equal(
        "<p>no detections in 64x48</p>", new Runtime.Detections([], ["cat"], 64, 48).ToDisplayString(HtmlFormatter.MimeType));

    [Theory]
    [InlineData(20, 10, "image/png")]
    [InlineData(400, 300, "image/jpeg")]
    public void An_image_is_a_picture(int width, int height, string type)
    {
        string html = new RgbImage(width, height).ToDisplayString(HtmlFormatter.MimeType);
        Assert.StartsWith($"<img alt=\"{width}x{height} pixels\" width=\"{width}\"", html, StringComparison.Ordinal);
        Assert.Contains($"src=\"data:{type};base64,", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_are_tables_with_a_dash_for_what_is_undefined()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(
            folder.In("truth.json"),
            """
            {
              "images": [{"id": 1, "width": 64, "height": 64}],
              "categories": [{"id": 1, "name": "cat"}],
              "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 40, 40], "area": 1600, "iscrowd": 0}]
            }
            """);
        File.WriteAllText(folder.In("found.json"), """[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 40, 40], "score": 0.9}]""");
        string html = CocoEvaluator.EvaluateFiles(folder.In("truth.json"), folder.In("found.json")).ToDisplayString(HtmlFormatter.MimeType);
        Assert.Contains("<tr><td>cat</td><td>1</td><td>1.000</td><td>1.000</td><td>1.000</td></tr>", html, StringComparison.Ordinal);
        Assert.Contains("<td>–</td>", html, StringComparison.Ordinal);
    }
}
