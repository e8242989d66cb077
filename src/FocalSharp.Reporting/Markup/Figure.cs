namespace FocalSharp.Reporting.Markup;

/// <summary>Writes pictures that a click enlarges.</summary>
internal static class Figure
{
    /// <summary>Writes a picture as a button.</summary>
    /// <param name="html">The page.</param>
    /// <param name="file">A PNG, WebP or JPEG file.</param>
    /// <param name="what">A short label, shown on the picture.</param>
    /// <param name="caption">The caption, for the alternative text.</param>
    public static void WriteImage(HtmlBuilder html, byte[] file, string what, string caption)
    {
        string type = file switch
        {
            [0x89, 0x50, 0x4E, 0x47, ..] => "image/png", // \x89PNG
            [0x52, 0x49, 0x46, 0x46, ..] => "image/webp", // RIFF
            _ => "image/jpeg",
        };
        html.Add($"<div><button type=\"button\" aria-label=\"Enlarge: {what}, {caption}\">");
        html.Add($"<img loading=\"lazy\" alt=\"{what}: {caption}\" src=\"data:{type};base64,{Convert.ToBase64String(file)}\"></button><span>{what}</span></div>");
    }

    /// <summary>Writes pairs of pictures: annotations and predictions.</summary>
    /// <param name="html">The page.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="isWide">Whether to write one pair per row, so that text in the pictures is readable.</param>
    public static void WritePairs(HtmlBuilder html, IEnumerable<ReportPicture> pictures, bool isWide = false)
    {
        html.Add($"<div class=\"{(isWide ? "pictures wide" : "pictures")}\">");
        foreach (ReportPicture picture in pictures)
        {
            html.Add($"<figure><div class=\"pair {(picture.GroundTruth is null ? "one" : "two")}\">");
            if (picture.GroundTruth is { } truth)
            {
                WriteImage(html, truth, "annotated", picture.Caption);
            }

            WriteImage(html, picture.Prediction, "predicted", picture.Caption);
            html.Add($"</div><figcaption>{picture.Caption}</figcaption></figure>");
        }

        html.Add($"</div>");
    }
}
