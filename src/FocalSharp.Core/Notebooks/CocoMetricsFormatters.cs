using System.Text;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Notebooks;

/// <summary>Shows COCO metrics as two tables: the summary, and AP by class.</summary>
internal sealed class CocoMetricsFormatters
{
    private const int MaxClasses = 100;

    /// <summary>Creates the formatters.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [new HtmlFormatter<CocoMetrics>(Render)];

    private static string Render(CocoMetrics metrics)
    {
        StringBuilder html = new("<table><thead><tr>");
        foreach (KeyValuePair<string, double> metric in metrics.Summary)
        {
            html.Append(HtmlText.Create($"<th>{metric.Key}</th>"));
        }

        html.Append("</tr></thead><tbody><tr>");
        foreach (KeyValuePair<string, double> metric in metrics.Summary)
        {
            html.Append(HtmlText.Create($"<td>{FormatMetric(metric.Value)}</td>"));
        }

        html.Append("</tr></tbody></table><table><thead><tr><th>class</th><th>objects</th><th>AP</th><th>AP50</th><th>AP75</th></tr></thead><tbody>");
        foreach (ClassMetrics row in metrics.PerClass.Take(MaxClasses))
        {
            html.Append(HtmlText.Create(
                $"<tr><td>{row.Name}</td><td>{row.GroundTruths}</td><td>{FormatMetric(row.AP)}</td><td>{FormatMetric(row.AP50)}</td><td>{FormatMetric(row.AP75)}</td></tr>"));
        }

        html.Append("</tbody></table>");
        return metrics.PerClass.Count <= MaxClasses ? html.ToString() : html.Append(HtmlText.Create($"<p>and {metrics.PerClass.Count - MaxClasses} other classes</p>")).ToString();
    }

    // −1 stands for a metric without objects.
    private static string FormatMetric(double value) => value < 0 ? "–" : value.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);
}
