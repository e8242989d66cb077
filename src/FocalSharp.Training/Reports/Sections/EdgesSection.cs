using FocalSharp.Detections;
using FocalSharp.Evaluation;
using FocalSharp.Training.Reports.Charts;
using FocalSharp.Training.Reports.Markup;

namespace FocalSharp.Training.Reports.Sections;

/// <summary>Predicted deviation of every edge beside its drawn blur and its real error.</summary>
internal static class EdgesSection
{
    private const int MostDots = 1500;
    private const int Groups = 10;

    public const string Advice = "Where ρ is high, let a wide deviation warn you of an edge, and look first at boxes with such edges when you check labels.";

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        html.Add($"<p>For every box the detector predicts a distribution of each edge. Its standard deviation σ says how unsure it is of");
        html.Add($"that edge. The more σ ranks with what is really unclear, the nearer Spearman's ρ is to 1.");
        html.Add($"{report.Edges.Count / 4} found objects, {report.Edges.Count} edges.</p>");
        html.Add($"<div class=\"grid-cards\">");
        EdgeObservation[] blurred = [.. report.Edges.Where(edge => edge.Blur is not null)];
        if (blurred.Length > 1)
        {
            Panel(html, "σ against drawn blur", "blur or occlusion (px)", blurred, edge => edge.Blur!.Value);
        }

        Panel(html, "σ against real error", "distance from the annotated edge (px)", report.Edges, edge => edge.Error);
        html.Add($"</div>");
    }

    private static void Panel(
        HtmlBuilder html, string title, string yLabel, IReadOnlyList<EdgeObservation> edges, Func<EdgeObservation, double> truth)
    {
        double rho = Rho(edges, truth);
        IEnumerable<string> bySide = SideValues.Names.Select((name, side) => $"{name} {Number.Score(Rho([.. edges.Where(edge => edge.Side == side)], truth))}");
        int every = Math.Max(1, (edges.Count + MostDots - 1) / MostDots);
        EdgeObservation[] shown = [.. edges.Where((_, i) => i % every == 0)];
        SvgChart.Write(html, new Chart(title, "predicted σ (px)", yLabel, [
            new ChartSeries(every == 1 ? "an edge" : $"an edge (1 in {every})", 1, [.. shown.Select(edge => (edge.Deviation, truth(edge)))], Dots: true),
            new ChartSeries("mean of each tenth", 2, Tenths(edges, truth))])
        {
            Note = $"Spearman's ρ = {Number.Score(rho)} ({string.Join(", ", bySide)})",
            XRange = (0, High(edges.Select(edge => edge.Deviation))),
            YRange = (0, High(edges.Select(truth))),
        });
    }

    private static double Rho(IReadOnlyList<EdgeObservation> edges, Func<EdgeObservation, double> truth) =>
        RankCorrelation.Spearman([.. edges.Select(edge => edge.Deviation)], [.. edges.Select(truth)]);

    private static (double X, double Y)[] Tenths(IReadOnlyList<EdgeObservation> edges, Func<EdgeObservation, double> truth)
    {
        EdgeObservation[] ordered = [.. edges.OrderBy(edge => edge.Deviation)];
        return [.. ordered.Chunk(Math.Max(1, (ordered.Length + Groups - 1) / Groups))
            .Select(part => (part.Average(edge => edge.Deviation), part.Average(truth)))];
    }

    // A few stray edges must not press all others into a corner.
    private static double High(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return Math.Max(1e-3, 1.08 * ordered[(int)(0.99 * (ordered.Length - 1))]);
    }
}
