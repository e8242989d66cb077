using System.Text.RegularExpressions;
using FocalSharp.Training.Reports;

namespace FocalSharp.Training.Tests.Reports;

public sealed partial class HtmlReportTests
{
    private static readonly string Page = HtmlReport.Render(SampleReport.Create());

    [Fact]
    public void Needs_nothing_from_elsewhere()
    {
        string addresses = string.Join('\n', Addresses().Matches(Page).Select(match => match.Value).Distinct());

        Assert.DoesNotMatch("(?i)(src|href)=[\"']?(https?:|//)", Page);
        Assert.DoesNotContain("@import", Page, StringComparison.Ordinal);
        Assert.DoesNotContain("fetch(", Page, StringComparison.Ordinal);
        Assert.Equal("http://www.w3.org/2000/svg", addresses); // a namespace, not an address
    }

    [Fact]
    public void Shows_every_section_with_a_heading_that_the_navigation_reaches()
    {
        string[] ids = ["pictures", "curves", "accuracy", "precision", "edges", "calibration", "settings"];

        Assert.All(ids, id =>
        {
            Assert.Contains($"href=\"#{id}\"", Page, StringComparison.Ordinal);
            Assert.Contains($"<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">", Page, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Opens_and_closes_its_elements()
    {
        string body = Script().Replace(Page, "");
        Assert.All(["figure", "svg", "table", "section", "div", "ul", "dl", "details", "tr", "button", "p", "h2", "h3"], element =>
            Assert.Equal(Regex.Count(body, $"<{element}[ >]"), Regex.Count(body, $"</{element}>")));
    }

    [Fact]
    public void Every_chart_and_picture_has_a_text_for_those_who_do_not_see_it()
    {
        Assert.All(Regex.Matches(Page, "<svg viewBox=\"0 0 [^>]*role[^>]*>").Select(match => match.Value), svg => Assert.Matches("role=\"img\" aria-label=\"[^\"]{20,}\"", svg));
        Assert.All(Regex.Matches(Page, "<img[^>]*>").Select(match => match.Value), image => Assert.Matches("alt=\"(annotated|predicted): [^\"]+\"", image));
        Assert.Contains("Losses: loss by epoch. Quality focal loss", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_carry_their_own_type()
    {
        Assert.Contains("src=\"data:image/jpeg;base64,/9j", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_absent_leaves_its_section_out()
    {
        string page = HtmlReport.Render(new TrainingReport { Title = "bare" });

        Assert.Contains("<h1>bare</h1>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<section", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<nav", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_can_not_become_markup()
    {
        const string Hostile = "<script>alert(1)</script>\"'&";

        string page = HtmlReport.Render(new TrainingReport
        {
            Title = Hostile,
            Subtitle = Hostile,
            Command = Hostile,
            Settings = [new(Hostile, Hostile)],
            Facts = [new(Hostile, Hostile)],
            Pictures = [new ReportPicture(Hostile, [1, 2, 3])],
        });

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_the_same_for_the_same_run() => Assert.Equal(Page, HtmlReport.Render(SampleReport.Create()));

    [Fact]
    public void Is_saved_whole()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "sample-report.html"); // kept for a look

        HtmlReport.Save(SampleReport.Create(), path);

        Assert.Equal(Page, File.ReadAllText(path));
    }

    [GeneratedRegex("https?://[^\"' )]+")]
    private static partial Regex Addresses();

    [GeneratedRegex("<script[^>]*>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
