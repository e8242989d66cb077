using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using FocalSharp.Explorer.Hosting;

namespace FocalSharp.Explorer.Pages;

/// <summary>The shared frame of every page: head, navigation, foot, styles and scripts. Served pages link to the assets.</summary>
/// <param name="pages">All pages, for the navigation.</param>
internal sealed class PageLayout(IReadOnlyList<ExplorerPage> pages)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string[] SharedStyles = ["css/explorer.css"];
    private static readonly string[] ThemeScripts = ["js/theme.js"];
    private static readonly string[] PlotScripts = [EmbeddedAssets.Plotly, "js/formulas.js", "js/plots.js", "js/lab.js"];

    /// <summary>The page as served.</summary>
    public string Render(ExplorerPage page) => Render(page, new PageResources(
        Link: slug => slug.Length == 0 ? "./" : slug,
        Policy: "",
        Style: name => $"<link rel=\"stylesheet\" href=\"assets/{name}\">",
        Script: name => $"<script src=\"assets/{name}\"></script>"));

    /// <summary>The page as one file that needs nothing else.</summary>
    public string RenderExported(ExplorerPage page)
    {
        string Inline(string name) => EmbeddedAssets.Get(name).Text.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
        string policy = ContentPolicy.Exported(Styles(page).Select(Inline), [.. ThemeScripts.Concat(Scripts(page)).Select(Inline)]);
        return Render(page, new PageResources(
            Link: slug => FileName(slug),
            Policy: $"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n",
            Style: name => $"<style>{Inline(name)}</style>",
            Script: name => $"<script>{Inline(name)}</script>"));
    }

    /// <summary>The answer to an address that leads nowhere.</summary>
    public string RenderNotFound() => Render(new ExplorerPage
    {
        Slug = "404",
        Title = "Nothing here",
        Label = "",
        Summary = "There is no such page.",
        Group = PageGroup.Start,
        HasPlots = false,
        Body = () => "<header class=\"intro\"><h1>Nothing here</h1><p class=\"lead\">There is no such page. <a href=\"/\">Start over</a>.</p></header>",
    });

    /// <summary>Name of a page's exported file.</summary>
    public static string FileName(string slug) => slug.Length == 0 ? "index.html" : slug + ".html";

    private string Render(ExplorerPage page, PageResources form)
    {
        string template = EmbeddedAssets.Get("pages/layout.html").Text;
        return template
            .Replace("{{policy}}", form.Policy, StringComparison.Ordinal)
            .Replace("{{title}}", Encoder.Encode(page.Slug.Length == 0 ? page.Title : $"{page.Title} – FocalSharp"), StringComparison.Ordinal)
            .Replace("{{summary}}", Encoder.Encode(page.Summary), StringComparison.Ordinal)
            .Replace("{{styles}}", string.Join('\n', Styles(page).Select(form.Style)), StringComparison.Ordinal)
            .Replace("{{plotly-style}}", ContentPolicy.PlotlyStyle, StringComparison.Ordinal)
            .Replace("{{theme}}", string.Join('\n', ThemeScripts.Select(form.Script)), StringComparison.Ordinal)
            .Replace("{{home}}", form.Link(""), StringComparison.Ordinal)
            .Replace("{{navigation}}", Navigation(page, form), StringComparison.Ordinal)
            .Replace("{{body}}", Links(page.Body(), form), StringComparison.Ordinal)
            .Replace("{{scripts}}", string.Join('\n', Scripts(page).Select(form.Script)), StringComparison.Ordinal);
    }

    private string Navigation(ExplorerPage current, PageResources form)
    {
        StringBuilder html = new();
        foreach (IGrouping<PageGroup, ExplorerPage> group in pages.Where(page => page.Group != PageGroup.Start && IsVisible(page, form)).GroupBy(page => page.Group))
        {
            html.Append($"<ul aria-label=\"{group.Key}\">");
            foreach (ExplorerPage page in group)
            {
                string here = page.Slug == current.Slug ? " aria-current=\"page\"" : "";
                html.Append($"<li><a href=\"{form.Link(page.Slug)}\"{here}>{Encoder.Encode(page.Label)}</a></li>");
            }

            html.Append("</ul>");
        }

        return html.ToString();
    }

    private static bool IsVisible(ExplorerPage page, PageResources form) => form.Policy.Length == 0 || page.IsExportable;

    /// <summary>Bodies link to other pages as <c>page:slug</c>.</summary>
    private string Links(string body, PageResources form) => pages.Aggregate(
        body, (html, page) => html.Replace($"\"page:{page.Slug}\"", $"\"{form.Link(page.Slug)}\"", StringComparison.Ordinal));

    private static IEnumerable<string> Styles(ExplorerPage page) => SharedStyles.Concat(page.Styles);

    private static IEnumerable<string> Scripts(ExplorerPage page) => (page.HasPlots ? PlotScripts : []).Concat(page.Scripts);
}
