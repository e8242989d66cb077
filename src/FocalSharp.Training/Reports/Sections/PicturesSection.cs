using FocalSharp.Training.Reports.Markup;

namespace FocalSharp.Training.Reports.Sections;

/// <summary>Validation pictures, truth beside prediction.</summary>
internal static class PicturesSection
{
    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        html.Add($"<p>Images that training never saw. Click to enlarge.</p><div class=\"pictures\">");
        foreach (ReportPicture picture in report.Pictures)
        {
            html.Add($"<figure><div class=\"pair {(picture.GroundTruth is null ? "one" : "two")}\">");
            if (picture.GroundTruth is { } truth)
            {
                Image(html, truth, "annotated", picture.Caption);
            }

            Image(html, picture.Prediction, "predicted", picture.Caption);
            html.Add($"</div><figcaption>{picture.Caption}</figcaption></figure>");
        }

        html.Add($"</div>");
    }

    private static void Image(HtmlBuilder html, byte[] file, string what, string caption)
    {
        string type = file switch
        {
            [0x89, 0x50, 0x4E, 0x47, ..] => "image/png", // \x89PNG
            [0x52, 0x49, 0x46, 0x46, ..] => "image/webp", // RIFF
            _ => "image/jpeg",
        };
        html.Add($"<div><button type=\"button\" aria-label=\"Enlarge: {what}, {caption}\">");
        html.Add($"<img alt=\"{what}: {caption}\" src=\"data:{type};base64,{Convert.ToBase64String(file)}\"></button><span>{what}</span></div>");
    }
}
