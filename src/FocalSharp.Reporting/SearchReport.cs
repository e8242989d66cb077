using System.Globalization;
using FocalSharp.IO;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting;

/// <summary>The report of a search over recipe keys: the best values, parallel coordinates of all trials, and each key's importance.</summary>
internal sealed record SearchReport
{
    private const double Width = 1060;
    private const double Height = 330;
    private const double Left = 70;
    private const double Right = 60;
    private const double Top = 34;
    private const double Bottom = 24;

    /// <summary>Gets the title.</summary>
    public required string Title { get; init; }

    /// <summary>Gets the command that trains with the best recipe.</summary>
    public required string Command { get; init; }

    /// <summary>Gets the searched keys.</summary>
    public required IReadOnlyList<SearchReportAxis> Axes { get; init; }

    /// <summary>Gets the trials in order.</summary>
    public required IReadOnlyList<SearchReportTrial> Trials { get; init; }

    /// <summary>Gets the number of held-out images.</summary>
    public required int HeldOutImages { get; init; }

    /// <summary>Gets the best AP minus the recipe's on the same steps, or null.</summary>
    public double? Difference { get; init; }

    /// <summary>Gets the standard error of the difference.</summary>
    public double? StandardError { get; init; }

    /// <summary>Renders a report to a file. The file is written atomically.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static void Save(SearchReport report, string path) => AtomicFile.WriteText(path, report.Render());

    /// <summary>Renders the report as a self-contained HTML page.</summary>
    public string Render()
    {
        HtmlBuilder html = new();
        HtmlReport.WriteStart(html, $"{Title} – FocalSharp search");
        html.Add($"<header><h1>{Title}</h1><p class=\"lead\">{Trials.Count} trials, evaluated on {HeldOutImages} held-out training images.</p></header><main id=\"content\">");
        WriteBest(html);
        html.Add($"<section aria-labelledby=\"all\"><h2 id=\"all\">All trials</h2>");
        html.Add($"<p>Each line is a trial: its value of each key, and its AP on the right. Darker lines have a higher AP; the best one is emphasized. Trials of different lengths are not comparable.</p>");
        WriteParallelCoordinates(html);
        html.Add($"</section>");
        WriteImportance(html);
        WriteTable(html);
        html.Add($"</main>");
        HtmlReport.WriteEnd(html);
        return html.ToString();
    }

    private void WriteBest(HtmlBuilder html)
    {
        html.Add($"<section aria-labelledby=\"best\"><h2 id=\"best\">Best values</h2>");
        if (Trials.FirstOrDefault(trial => trial.IsBest) is not { } best)
        {
            html.Add($"<p>No trial has finished.</p></section>");
            return;
        }

        string gain = Difference is { } difference
            ? string.Create(CultureInfo.InvariantCulture, $"; the recipe reaches {best.AP - difference:0.000} in the same steps, a difference of {difference:+0.000;−0.000} ± {StandardError:0.000}")
            : "";
        html.Add($"<p>AP {best.AP:0.000} after {best.Steps} steps{gain}. The AP of the best of many trials is optimistic; evaluate the training on a split of its own.</p>");
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Best values</caption><thead><tr><th scope=\"col\">key</th><th scope=\"col\" class=\"text\">value</th></tr></thead><tbody>");
        foreach ((SearchReportAxis axis, string value) in Axes.Zip(best.Values))
        {
            html.Add($"<tr><th scope=\"row\">{axis.Key}</th><td class=\"text\"><code>{value}</code></td></tr>");
        }

        html.Add($"</tbody></table></div><p>Train with them:</p><pre tabindex=\"0\">{Command}</pre></section>");
    }

    private void WriteParallelCoordinates(HtmlBuilder html)
    {
        double min = Trials.Count == 0 ? 0 : Trials.Min(trial => trial.AP);
        double max = Trials.Count == 0 ? 1 : Trials.Max(trial => trial.AP);
        double span = Math.Max(max - min, 1e-9);
        html.Add($"""<figure class="card scroll" tabindex="0"><svg viewBox="0 0 {Width} {Height}" style="min-width:{Width}px" role="img" aria-label="Parallel coordinates of {Trials.Count} trials over {Axes.Count} keys and the AP">""");
        foreach (SearchReportTrial trial in Trials.OrderBy(trial => trial.AP))
        {
            double strength = (trial.AP - min) / span;
            string points = string.Join(' ', trial.Positions.Append(strength).Select((position, i) => string.Create(CultureInfo.InvariantCulture, $"{GetX(i):F1},{GetY(position):F1}")));
            html.Add($"""<polyline points="{points}" style="fill:none;stroke:var({(trial.IsBest ? "--c2" : "--c1")});stroke-width:{(trial.IsBest ? 3 : 1.2):F1}" opacity="{(trial.IsBest ? 1 : 0.15 + (0.7 * strength)):F2}"><title>trial {trial.Number}: AP {trial.AP:0.000}</title></polyline>""");
        }

        for (int i = 0; i <= Axes.Count; i++)
        {
            double x = GetX(i);
            string name = i < Axes.Count ? Axes[i].Key.Split('.')[^1] : "AP";
            IReadOnlyList<string> labels = i < Axes.Count ? Axes[i].Labels : [min.ToString("0.000", CultureInfo.InvariantCulture), max.ToString("0.000", CultureInfo.InvariantCulture)];
            html.Add($"""<line class="axis" x1="{x:F1}" x2="{x:F1}" y1="{Top}" y2="{Height - Bottom}"/>""");
            html.Add($"""<text class="label" x="{x:F1}" y="{Top - 16}" text-anchor="middle">{name}</text>""");
            for (int label = 0; label < labels.Count; label++)
            {
                double position = labels.Count == 1 ? 0 : (double)label / (labels.Count - 1);
                html.Add($"""<text class="tick" x="{x - 5:F1}" y="{GetY(position) + 4:F1}" text-anchor="end">{labels[label]}</text>""");
            }
        }

        html.Add($"</svg></figure>");
    }

    private void WriteImportance(HtmlBuilder html)
    {
        html.Add($"<section aria-labelledby=\"importance\"><h2 id=\"importance\">Importance</h2>");
        html.Add($"<p>The share of the differences in AP among the shortest trials that a key explains by itself (correlation ratio η²). With few trials, small shares are chance.</p>");
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table><caption>Importance</caption><thead><tr><th scope=\"col\">key</th><th scope=\"col\">η²</th></tr></thead><tbody>");
        foreach (SearchReportAxis axis in Axes.OrderByDescending(axis => axis.Importance))
        {
            html.Add($"<tr><th scope=\"row\">{axis.Key}</th><td>{axis.Importance:0.00}</td></tr>");
        }

        html.Add($"</tbody></table></div></section>");
    }

    private void WriteTable(HtmlBuilder html)
    {
        html.Add($"<section aria-labelledby=\"table\"><h2 id=\"table\">Values</h2><details><summary>All trials</summary><div class=\"card scroll\" tabindex=\"0\"><table><caption>Trials</caption><thead><tr>");
        html.Add($"<th scope=\"col\">trial</th><th scope=\"col\">steps</th><th scope=\"col\">AP</th>");
        foreach (SearchReportAxis axis in Axes)
        {
            html.Add($"<th scope=\"col\">{axis.Key}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (SearchReportTrial trial in Trials.OrderByDescending(trial => trial.Steps).ThenByDescending(trial => trial.AP))
        {
            html.Add($"<tr><th scope=\"row\">{trial.Number}</th><td>{trial.Steps}</td><td>{trial.AP:0.000}</td>");
            foreach (string value in trial.Values)
            {
                html.Add($"<td>{value}</td>");
            }

            html.Add($"</tr>");
        }

        html.Add($"</tbody></table></div></details></section>");
    }

    private double GetX(int axis) => Left + (axis * (Width - Left - Right) / Math.Max(1, Axes.Count));

    private static double GetY(double position) => Height - Bottom - (position * (Height - Top - Bottom));
}

/// <summary>A searched key.</summary>
/// <param name="Key">The recipe key.</param>
/// <param name="Labels">Labels of its axis, evenly spaced from bottom to top.</param>
/// <param name="Importance">The share of the differences in AP that it explains, 0 to 1.</param>
internal sealed record SearchReportAxis(string Key, IReadOnlyList<string> Labels, double Importance);

/// <summary>A trial.</summary>
/// <param name="Number">The number of the set of values; 0 is the recipe itself.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="AP">Its AP.</param>
/// <param name="Values">Its values.</param>
/// <param name="Positions">The places of the values on their axes, 0 to 1.</param>
/// <param name="IsBest">Whether it is the best.</param>
internal sealed record SearchReportTrial(int Number, int Steps, double AP, IReadOnlyList<string> Values, IReadOnlyList<double> Positions, bool IsBest);
