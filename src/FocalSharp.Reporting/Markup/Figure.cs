namespace FocalSharp.Reporting.Markup;

/// <summary>Pictures within the page, which a click enlarges.</summary>
internal static class Figure
{
    /// <summary>Appends a picture as a button.</summary>
    /// <param name="html">The page.</param>
    /// <param name="file">A PNG, WebP or JPEG file.</param>
    /// <param name="what">What it shows, in a word; stands on the picture.</param>
    /// <param name="caption">What it is of, for those who do not see it.</param>
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

    /// <summary>Appends pictures, truth beside prediction.</summary>
    /// <param name="html">The page.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="isWide">One pair in a row, so that what is written in them can be read.</param>
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
