using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>The command and the settings, which reproduce the run.</summary>
internal static class SettingsSection
{
    public const string Advice = "Save this with the weights: the command reproduces the run.";

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        if (report.Command.Length > 0)
        {
            html.Add($"<p>Command:</p><pre tabindex=\"0\">{report.Command}</pre>");
        }

        if (report.NextCommand.Length > 0)
        {
            html.Add($"<p>Suggested next command:</p><pre tabindex=\"0\">{report.NextCommand}</pre>");
        }

        if (report.Settings.Count > 0)
        {
            html.Add($"<details><summary>All settings</summary><div class=\"card scroll\" tabindex=\"0\"><table><caption>Settings, including defaults</caption><thead><tr>");
            html.Add($"<th scope=\"col\">setting</th><th scope=\"col\" class=\"text\">value</th></tr></thead><tbody>");
            foreach ((string key, string value) in report.Settings)
            {
                html.Add($"<tr><th scope=\"row\">{key}</th><td class=\"text\"><code>{value}</code></td></tr>");
            }

            html.Add($"</tbody></table></div></details>");
        }
    }
}
