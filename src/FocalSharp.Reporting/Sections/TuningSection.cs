using System.Globalization;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>What was measured before the training to choose its settings.</summary>
internal static class TuningSection
{
    public const string Advice = "To train again without measuring, use the saved recipe; to compare more settings, search with a time limit.";

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        TuningTable tuning = report.Tuning!;
        html.Add($"<p>{tuning.Summary}.</p>");
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Settings measured on {tuning.HeldOutImages} held-out training images</caption><thead><tr>");
        html.Add($"<th scope=\"col\">setting</th><th scope=\"col\">AP</th><th scope=\"col\">AP50</th><th scope=\"col\">change</th><th scope=\"col\">standard error</th><th scope=\"col\" class=\"text\">chosen</th></tr></thead><tbody>");
        foreach (TuningTableRow row in tuning.Rows)
        {
            html.Add($"<tr><th scope=\"row\">{row.Setting}</th><td>{Number.FormatScore(row.AP ?? -1)}</td><td>{Number.FormatScore(row.AP50)}</td><td>{FormatChange(row.Difference)}</td><td>{Number.FormatScore(row.StandardError ?? -1)}</td><td class=\"text\">{(row.IsChosen ? "yes" : "")}</td></tr>");
        }

        html.Add($"</tbody></table></div>");
    }

    private static string FormatChange(double? difference) =>
        difference is { } change && double.IsFinite(change) ? change.ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture) : "–";
}
