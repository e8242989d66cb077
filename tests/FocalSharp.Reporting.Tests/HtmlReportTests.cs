using System.Text.RegularExpressions;
using FocalSharp.Datasets;

namespace FocalSharp.Reporting.Tests;

public sealed partial class HtmlReportTests
{
    private static readonly string Page = HtmlReport.Render(SampleReport.Create());

    [Fact]
    public void Is_self_contained()
    {
        string addresses = string.Join('\n', Addresses().Matches(Page).Select(match => match.Value).Distinct());

        Assert.DoesNotMatch("(?i)(src|href)=[\"']?(https?:|//)", Page);
        Assert.DoesNotContain("@import", Page, StringComparison.Ordinal);
        Assert.DoesNotContain("fetch(", Page, StringComparison.Ordinal);
        Assert.Equal("http://www.w3.org/2000/svg", addresses); // a namespace, not an address
    }

    [Fact]
    public void The_navigation_links_to_every_section()
    {
        string[] ids =
        [
            "next", "labels", "worst", "errors", "confusion", "accuracy", "precision", "pictures", "curves", "edges", "calibration", "time", "settings",
        ];

        Assert.All(ids, id =>
        {
            Assert.Contains($"href=\"#{id}\"", Page, StringComparison.Ordinal);
            Assert.Contains($"<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">", Page, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_section_starts_with_a_sentence_of_advice()
    {
        Match[] sections = [.. SectionStart().Matches(Page).Cast<Match>()];

        Assert.Equal(Regex.Count(Page, "<section "), sections.Length);
        Assert.All(sections, section => Assert.Matches("^[A-Z][^.]{20,}\\.$", section.Groups["advice"].Value));
    }

    [Fact]
    public void Every_table_has_a_caption_and_headers()
    {
        Assert.Equal(Regex.Count(Page, "<table"), Regex.Count(Page, "<table[^>]*><caption>[^<]+</caption>\\s*<thead><tr>\\s*<th scope=\"col\""));
        Assert.All(Regex.Matches(Page, "<tbody>\\s*<tr>\\s*<t[hd][^>]*>").Select(match => match.Value), row => Assert.Contains("<th scope=\"row\"", row, StringComparison.Ordinal));
    }

    [Fact]
    public void The_confusion_matrix_names_its_score_and_IoU()
    {
        double threshold = SampleReport.Create().Analysis!.Threshold;

        Assert.Contains(FormattableString.Invariant($"<caption>Confusion matrix at score ≥ {threshold:F2}, IoU ≥ 0.50: rows are annotated, columns detected</caption>"), Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_without_objects_and_detections_are_counted()
    {
        DetectionReport report = SampleReport.Create();
        Dictionary<long, DatasetImage> images = Enumerable.Range(1, 60).ToDictionary(id => (long)id, id => new DatasetImage { Id = id, FileName = $"{id}.jpg", Path = "", Width = 64, Height = 64 });

        string page = HtmlReport.Render(report with { Analysis = report.Analysis! with { ImagesById = images } });

        Assert.Contains(" of 60 images have errors", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_measured_before_training_are_listed()
    {
        Assert.Contains("<caption>Settings measured on 40 held-out training images</caption>", Page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">input 640 px</th><td>0.412</td><td>0.660</td><td>&#x2B;0.030</td><td>0.010</td><td class=\"text\">yes</td>", Page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">recipe</th><td>0.382</td><td>0.610</td><td>–</td><td>–</td><td class=\"text\">yes</td>", Page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"tuning\"", HtmlReport.Render(SampleReport.Create() with { Tuning = null }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_is_reported_in_fractions()
    {
        // Phases take 1, 2, … 14 s: the loader takes 1 of the 80 s that remain without evaluation (13) and checkpoints (12).
        Assert.Contains("<p>Total 0:01:45. Of the time of the steps, waiting for the loader took 1.2 % and the network 11.2 %.</p>", Page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Fractions of the time: loader 1.0 %, network 8.6 %", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Opens_and_closes_its_elements()
    {
        string body = Script().Replace(Page, "");
        Assert.All(["figure", "svg", "table", "section", "div", "ul", "dl", "details", "tr", "button", "p", "h2", "h3"], element =>
            Assert.Equal(Regex.Count(body, $"<{element}[ >]"), Regex.Count(body, $"</{element}>")));
    }

    [Fact]
    public void Every_chart_and_picture_has_an_alternative_text()
    {
        Assert.All(Regex.Matches(Page, "<svg viewBox=\"0 0 [^>]*role[^>]*>").Select(match => match.Value), svg => Assert.Matches("role=\"img\" aria-label=\"[^\"]{20,}\"", svg));
        Assert.All(Regex.Matches(Page, "<img[^>]*>").Select(match => match.Value), image => Assert.Matches("alt=\"(annotated|predicted|crop): [^\"]+\"", image));
        Assert.Contains("Losses: loss by epoch. Quality focal loss", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_have_their_own_media_type()
    {
        Assert.Contains("src=\"data:image/jpeg;base64,/9j", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_without_data_are_left_out()
    {
        string page = HtmlReport.Render(new DetectionReport { Title = "bare" });

        Assert.Contains("<h1>bare</h1>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<section", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<nav", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_is_escaped()
    {
        const string Hostile = "<script>alert(1)</script>\"'&";

        string page = HtmlReport.Render(new DetectionReport
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
    public void The_header_distinguishes_trainings_and_evaluations()
    {
        Assert.Contains("<span>FocalSharp training report</span>", Page, StringComparison.Ordinal);
        Assert.Contains("<span>FocalSharp evaluation report</span>", HtmlReport.Render(SampleReport.Create() with { Log = null }), StringComparison.Ordinal);
    }

    [Fact]
    public void Is_the_same_for_the_same_run() => Assert.Equal(Page, HtmlReport.Render(SampleReport.Create()));

    [Fact]
    public void Is_saved_whole()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "sample-report.html"); // for inspection

        HtmlReport.Save(SampleReport.Create(), path);

        Assert.Equal(Page, File.ReadAllText(path));
    }

    [GeneratedRegex("<section [^>]*><h2[^>]*>[^<]+</h2>\\s*<p class=\"todo\">(?<advice>[^<]+)</p>")]
    private static partial Regex SectionStart();

    [GeneratedRegex("https?://[^\"' )]+")]
    private static partial Regex Addresses();

    [GeneratedRegex("<script[^>]*>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
