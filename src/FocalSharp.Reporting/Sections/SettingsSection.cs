using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Command and settings, enough to make the run again.</summary>
internal static class SettingsSection
{
    public const string Advice = "Keep this with the weights: the command makes the run again.";

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        if (report.Command.Length > 0)
        {
            html.Add($"<p>This command made it:</p><pre tabindex=\"0\">{report.Command}</pre>");
        }

        if (report.NextCommand.Length > 0)
        {
            html.Add($"<p>To try next:</p><pre tabindex=\"0\">{report.NextCommand}</pre>");
        }

        if (report.Settings.Count > 0)
        {
            html.Add($"<details><summary>All settings</summary><div class=\"card scroll\" tabindex=\"0\"><table><caption>Settings, defaults included</caption><thead><tr>");
            html.Add($"<th scope=\"col\">setting</th><th scope=\"col\" class=\"text\">value</th></tr></thead><tbody>");
            foreach ((string key, string value) in report.Settings)
            {
                html.Add($"<tr><th scope=\"row\">{key}</th><td class=\"text\"><code>{value}</code></td></tr>");
            }

            html.Add($"</tbody></table></div></details>");
        }
    }
}
