using System.Globalization;
using System.Text;

namespace FocalSharp.Serving.Metrics;

/// <summary>Writes metrics in the Prometheus text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>The content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricFamily> families)
    {
        StringBuilder text = new();
        foreach (MetricFamily family in families)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Kind).Append('\n');
            foreach (MetricSeries series in family.Series)
            {
                Write(text, family, series);
            }
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, MetricFamily family, MetricSeries series)
    {
        (double sum, long[] counts) = series.Read();
        if (family.Kind != "histogram")
        {
            Line(text, family.Name, series.Labels, sum);
            return;
        }

        long below = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            below += counts[i];
            string bound = i < series.Bounds.Count ? Number(series.Bounds[i]) : "+Inf";
            Line(text, family.Name + "_bucket", series.Labels + (series.Labels.Length > 0 ? "," : "") + $"le=\"{bound}\"", below);
        }

        Line(text, family.Name + "_sum", series.Labels, sum);
        Line(text, family.Name + "_count", series.Labels, below);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
