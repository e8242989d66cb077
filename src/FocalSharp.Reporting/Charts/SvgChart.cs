using System.Globalization;
using System.Text;
using System.Text.Json;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Charts;

/// <summary>
/// Writes a chart as a figure: title, legend, inline SVG that needs no script, and the values for the hover script and for a table.
/// </summary>
internal static class SvgChart
{
    private const double Height = 260;
    private const double Left = 44;
    private const double Right = 12;
    private const double Top = 22;
    private const double Bottom = 36;
    private const int XTicks = 6;
    private const int YTicks = 5;
    private const int MaxTableRows = 24;

    /// <summary>Writes the figure.</summary>
    public static void Write(HtmlBuilder html, Chart chart)
    {
        ChartSeries[] lines = GetLines(chart);
        (AxisScale x, AxisScale y) = WriteFigure(html, chart, lines);
        WriteData(html, lines, x, y);
        if (chart.HasTable)
        {
            WriteTable(html, chart, lines);
        }

        html.Add($"</figure>");
    }

    /// <summary>Writes the figure without values for scripts, for pages that have none.</summary>
    public static void WriteStatic(HtmlBuilder html, Chart chart)
    {
        WriteFigure(html, chart, GetLines(chart));
        html.Add($"</figure>");
    }

    private static ChartSeries[] GetLines(Chart chart) => [.. chart.Series.Where(series => series.Points.Count > 0 && !series.Faint)];

    private static (AxisScale X, AxisScale Y) WriteFigure(HtmlBuilder html, Chart chart, ChartSeries[] lines)
    {
        ChartSeries[] shown = [.. chart.Series.Where(series => series.Points.Count > 0)];
        AxisScale x = AxisScale.Create(shown.SelectMany(series => series.Points).Select(point => point.X), Left, chart.Width - Right, chart.XRange);
        AxisScale y = AxisScale.Create(GetYValues(lines), Height - Bottom, Top, chart.YRange);
        y = chart.YRange is null ? y.StartAtZero() : y;

        html.Add($"""<figure class="chart">""");
        html.Add($"<figcaption><h3>{chart.Title}</h3>");
        if (chart.Note is not null)
        {
            html.Add($"<p>{chart.Note}</p>");
        }

        WriteLegend(html, lines);
        html.Add($"</figcaption>");
        WriteDrawing(html, chart, shown, x, y);
        return (x, y);
    }

    private static IEnumerable<double> GetYValues(IEnumerable<ChartSeries> lines) => lines.SelectMany(series => series.Points).Select(point => point.Y);

    private static void WriteLegend(HtmlBuilder html, ChartSeries[] lines)
    {
        html.Add($"""<ul class="legend">""");
        foreach (ChartSeries series in lines)
        {
            string mark = series.Dots ? "dot" : series.Dashed ? "dash" : "line";
            html.Add($"""<li class="{mark} c{series.Color}">{series.Name}</li>""");
        }

        html.Add($"</ul>");
    }

    private static void WriteDrawing(HtmlBuilder html, Chart chart, ChartSeries[] shown, AxisScale x, AxisScale y)
    {
        double right = chart.Width - Right;
        html.Add($"""<svg viewBox="0 0 {chart.Width} {Height}" role="img" aria-label="{DescribeChart(chart)}">""");
        foreach (double tick in y.GetTicks(YTicks))
        {
            html.Add($"""<line class="grid" x1="{Left}" x2="{right}" y1="{y.ToPosition(tick):F1}" y2="{y.ToPosition(tick):F1}"/>""");
            html.Add($"""<text class="tick" x="{Left - 6}" y="{y.ToPosition(tick) + 4:F1}" text-anchor="end">{y.FormatTick(tick, YTicks)}</text>""");
        }

        foreach (double tick in x.GetTicks(XTicks))
        {
            html.Add($"""<text class="tick" x="{x.ToPosition(tick):F1}" y="{Height - Bottom + 16}" text-anchor="middle">{x.FormatTick(tick, XTicks)}</text>""");
        }

        html.Add($"""<line class="axis" x1="{Left}" x2="{right}" y1="{y.Start}" y2="{y.Start}"/>""");
        html.Add($"""<text class="label" x="{right}" y="{Height - 4}" text-anchor="end">{chart.XLabel}</text>""");
        html.Add($"""<text class="label" x="0" y="11">{chart.YLabel}</text>""");

        if (chart.VerticalMarker is { } mark && mark.X >= x.Min && mark.X <= x.Max)
        {
            bool fits = x.ToPosition(mark.X) < right - 40;
            html.Add($"""<line class="mark" x1="{x.ToPosition(mark.X):F1}" x2="{x.ToPosition(mark.X):F1}" y1="{y.Start}" y2="{Top}"/>""");
            html.Add($"""<text class="marked" x="{x.ToPosition(mark.X) + (fits ? 5 : -5):F1}" y="{y.Start - 8:F1}" text-anchor="{(fits ? "start" : "end")}">{mark.Text}</text>""");
        }

        // A nested SVG clips the plot area without an id.
        const double Above = Top - 3;
        double across = right - Left;
        const double Down = Height - Top - Bottom + 6;
        html.Add($"""<svg x="{Left}" y="{Above}" width="{across}" height="{Down}" viewBox="{Left} {Above} {across} {Down}">""");
        foreach (ChartSeries series in shown)
        {
            string style = $"c{series.Color}{(series.Faint ? " faint" : "")}{(series.Dashed ? " dashed" : "")}";
            if (series.Dots || series.Points.Count == 1)
            {
                html.Add($"""<path class="{style} dots" d="{FormatDots(series, x, y)}"/>""");
            }
            else
            {
                html.Add($"""<polyline class="{style}" points="{FormatPoints(series, x, y)}"/>""");
            }
        }

        html.Add($"</svg></svg>");
    }

    private static string DescribeChart(Chart chart)
    {
        IEnumerable<string> parts = chart.Series.Where(series => !series.Faint && series.Points.Count > 0).Select(series => series.Dots
            ? $"{series.Name}: {series.Points.Count} points"
            : $"{series.Name}: from {FormatNumber(series.Points[0].Y)} to {FormatNumber(series.Points[^1].Y)}");
        return $"{chart.Title}: {chart.YLabel} by {chart.XLabel}. {string.Join("; ", parts)}.";
    }

    private static string FormatPoints(ChartSeries series, AxisScale x, AxisScale y)
    {
        StringBuilder text = new();
        foreach ((double px, double py) in series.Points.Where(point => double.IsFinite(point.Y)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{x.ToPosition(px):F1},{ClampPosition(y.ToPosition(py)):F1} ");
        }

        return text.ToString().TrimEnd();
    }

    // A path of zero-length strokes with round caps: one element for a whole cloud.
    private static string FormatDots(ChartSeries series, AxisScale x, AxisScale y)
    {
        StringBuilder text = new();
        foreach ((double px, double py) in series.Points.Where(point => double.IsFinite(point.Y)))
        {
            text.Append(CultureInfo.InvariantCulture, $"M{ClampPosition(x.ToPosition(px)):F1} {ClampPosition(y.ToPosition(py)):F1}h0");
        }

        return text.ToString();
    }

    private static double ClampPosition(double position) => Math.Clamp(position, -Height, 2 * Height);

    private static void WriteData(HtmlBuilder html, ChartSeries[] lines, AxisScale x, AxisScale y)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            WriteAxis(writer, "x", x);
            WriteAxis(writer, "y", y);
            writer.WriteStartArray("series");
            foreach (ChartSeries series in lines.Where(series => !series.Dots))
            {
                writer.WriteStartObject();
                writer.WriteString("name", series.Name);
                writer.WriteNumber("color", series.Color);
                writer.WriteStartArray("points");
                foreach ((double px, double py) in series.Points.Where(point => double.IsFinite(point.Y)))
                {
                    writer.WriteStartArray();
                    writer.WriteRawValue(FormatNumber(px));
                    writer.WriteRawValue(FormatNumber(py));
                    writer.WriteEndArray();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        // The JSON writer escapes '<', so that a name cannot end the element.
        html.AddTrusted($"""<script type="application/json">{Encoding.UTF8.GetString(stream.ToArray())}</script>""");
    }

    private static void WriteAxis(Utf8JsonWriter writer, string name, AxisScale scale)
    {
        writer.WriteStartArray(name);
        foreach (double value in new[] { scale.Min, scale.Max, scale.Start, scale.End })
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    private static void WriteTable(HtmlBuilder html, Chart chart, ChartSeries[] lines)
    {
        double[] all = [.. lines.SelectMany(series => series.Points).Select(point => point.X).Distinct().Order()];
        double[] rows = all.Length <= MaxTableRows ? all : [.. Enumerable.Range(0, MaxTableRows).Select(i => all[i * (all.Length - 1) / (MaxTableRows - 1)])];
        html.Add($"<details><summary>Values</summary><div class=\"scroll\" tabindex=\"0\"><table><caption>{chart.Title}</caption><thead><tr><th scope=\"col\">{chart.XLabel}</th>");
        foreach (ChartSeries series in lines)
        {
            html.Add($"<th scope=\"col\">{series.Name}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (double row in rows)
        {
            html.Add($"<tr><th scope=\"row\">{FormatNumber(row)}</th>");
            foreach (ChartSeries series in lines)
            {
                (double X, double Y)[] found = [.. series.Points.Where(point => point.X == row)];
                html.Add($"<td>{(found.Length == 0 ? "" : FormatNumber(found[0].Y))}</td>");
            }

            html.Add($"</tr>");
        }

        html.Add($"</tbody></table></div></details>");
    }

    private static string FormatNumber(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
