using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>The images with the most errors.</summary>
internal static class WorstImagesSection
{
    public const string Advice = "Collect and label more images like these; fix labels that are wrong.";

    private const int MaxRows = 20;

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        DetectionAnalysis analysis = report.Analysis!;
        ImageErrors[] bad = [.. analysis.Images.Where(image => image.Total > 0)];
        html.Add($"<p>{bad.Length} of {Math.Max(analysis.Images.Count, analysis.ImagesById.Count)} images have errors at score ≥ {analysis.Threshold:F2} and IoU ≥ {DetectionAnalysis.Iou:F2};");
        html.Add($"those with the most errors come first.</p>");
        if (report.WorstImages.Count > 0)
        {
            html.Add($"<ul class=\"legend marks\"><li class=\"m-right\">correct</li><li class=\"m-wrong\">false positive</li><li class=\"m-missed dash\">missed</li></ul>");
            Figure.WritePairs(html, report.WorstImages, isWide: true);
        }

        html.Add($"<details{(report.WorstImages.Count == 0 ? " open" : "")}><summary>Table of the worst {Math.Min(MaxRows, bad.Length)}</summary>");
        WriteTable(html, report.Links, analysis, bad);
        html.Add($"</details>");
    }

    private static void WriteTable(HtmlBuilder html, ImageLinks? links, DetectionAnalysis analysis, ImageErrors[] bad)
    {
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Errors by image</caption><thead><tr><th scope=\"col\">image</th><th scope=\"col\">objects</th><th scope=\"col\">detected</th>");
        foreach (ErrorKind kind in ErrorBreakdown.Kinds)
        {
            html.Add($"<th scope=\"col\">{AnalysisJson.NameOf(kind)}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (ImageErrors image in bad.Take(MaxRows))
        {
            html.Add($"<tr><th scope=\"row\">{ImageLinks.ForImage(links, analysis.NameOf(image.ImageId))}</th><td>{image.Objects}</td><td>{image.Found}</td>");
            foreach (ErrorKind kind in ErrorBreakdown.Kinds)
            {
                html.Add($"<td>{image[kind]}</td>");
            }

            html.Add($"</tr>");
        }

        html.Add($"</tbody></table></div>");
    }
}
