using FocalSharp.Boxes;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Reporting.Charts;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>The predicted deviation of edges against drawn blur and true error.</summary>
internal static class EdgesSection
{
    private const int MaxDots = 1500;
    private const int GroupCount = 10;

    public const string Advice = "If ρ is high, a large deviation indicates an uncertain edge; check the labels of such boxes first.";

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        html.Add($"<p>The detector predicts a distribution for each edge of a box. Its standard deviation σ is the uncertainty of");
        html.Add($"that edge. Spearman's ρ is close to 1 if edges with a larger σ have larger errors.");
        html.Add($"{report.Edges.Count / 4} detected objects, {report.Edges.Count} edges.</p>");
        html.Add($"<div class=\"grid-cards\">");
        EdgeObservation[] blurred = [.. report.Edges.Where(edge => edge.Blur is not null)];
        if (blurred.Length > 1)
        {
            WritePanel(html, "σ against drawn blur", "blur or occlusion (px)", blurred, edge => edge.Blur!.Value);
        }

        WritePanel(html, "σ against true error", "distance from the annotated edge (px)", report.Edges, edge => edge.Error);
        html.Add($"</div>");
    }

    private static void WritePanel(
        HtmlBuilder html, string title, string yLabel, IReadOnlyList<EdgeObservation> edges, Func<EdgeObservation, double> truth)
    {
        double rho = ComputeRho(edges, truth);
        IEnumerable<string> bySide = SideValues.Names.Select((name, side) => $"{name} {Number.FormatScore(ComputeRho([.. edges.Where(edge => edge.Side == side)], truth))}");
        int every = Math.Max(1, (edges.Count + MaxDots - 1) / MaxDots);
        EdgeObservation[] shown = [.. edges.Where((_, i) => i % every == 0)];
        SvgChart.Write(html, new Chart(title, "predicted σ (px)", yLabel, [
            new ChartSeries(every == 1 ? "edges" : $"edges (1 in {every})", 1, [.. shown.Select(edge => (edge.Deviation, truth(edge)))], Dots: true),
            new ChartSeries("mean per tenth", 2, ComputeDecileMeans(edges, truth))])
        {
            Note = $"Spearman's ρ = {Number.FormatScore(rho)} ({string.Join(", ", bySide)})",
            XRange = (0, ComputeUpperLimit(edges.Select(edge => edge.Deviation))),
            YRange = (0, ComputeUpperLimit(edges.Select(truth))),
        });
    }

    private static double ComputeRho(IReadOnlyList<EdgeObservation> edges, Func<EdgeObservation, double> truth) =>
        RankCorrelation.Spearman([.. edges.Select(edge => edge.Deviation)], [.. edges.Select(truth)]);

    private static (double X, double Y)[] ComputeDecileMeans(IReadOnlyList<EdgeObservation> edges, Func<EdgeObservation, double> truth)
    {
        EdgeObservation[] ordered = [.. edges.OrderBy(edge => edge.Deviation)];
        return [.. ordered.Chunk(Math.Max(1, (ordered.Length + GroupCount - 1) / GroupCount))
            .Select(part => (part.Average(edge => edge.Deviation), part.Average(truth)))];
    }

    // Outliers must not determine the range of the axis.
    private static double ComputeUpperLimit(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return Math.Max(1e-3, 1.08 * ordered[(int)(0.99 * (ordered.Length - 1))]);
    }
}
