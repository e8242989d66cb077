using System.Text.RegularExpressions;

namespace FocalSharp.Reporting.Tests;

/// <summary>Plots for notebooks.</summary>
public class PlotTests
{
    [Fact]
    public void A_line_is_drawn_with_its_name_escaped_and_without_scripts()
    {
        string html = Plot.Lines("Title", "x", "y", [("a < b", [(0, 0), (1, 2)])]).ToHtml();
        Assert.Contains("a &lt; b", html, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(html, "<polyline"));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Quality_focal_loss_has_a_line_for_each_quality()
    {
        Assert.Equal(3, Regex.Count(Plot.QualityFocalLoss().ToHtml(), "<polyline"));
        Assert.Contains("quality 0.25", Plot.QualityFocalLoss(1, 0.25).ToHtml(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Plot.QualityFocalLoss(2, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Plot.QualityFocalLoss(-1));
    }

    [Fact]
    public void Distribution_focal_loss_shows_the_loss_and_the_distribution()
    {
        string html = Plot.DistributionFocalLoss(0, 1, 2, 1, 0).ToHtml();
        Assert.Contains("Distribution Focal Loss", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<polyline"));
        Assert.Throws<ArgumentException>(() => Plot.DistributionFocalLoss(1));
    }

    [Fact]
    public void The_curves_of_a_run_come_from_its_log()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "metrics.csv"), "epoch,loss_quality,loss_box,loss_distribution,AP,AP50\n0.5,2,3,1,,\n1,1,2,0.5,0.2,0.4\n2,0.5,1,0.2,0.4,0.6\n");
        string html = Plot.TrainingCurves(folder.Path).ToHtml();
        Assert.Equal(5, Regex.Count(html, "<polyline"));
        Assert.Contains("GIoU loss", html, StringComparison.Ordinal);
        Assert.Throws<FileException>(() => Plot.TrainingCurves(Path.Combine(folder.Path, "nowhere")));
    }
}
