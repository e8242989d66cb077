using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using FocalSharp.Explorer.Hosting;

namespace FocalSharp.Explorer.Pages;

/// <summary>Renders pages with the shared head, navigation, footer, styles and scripts.</summary>
/// <param name="pages">The pages of the navigation.</param>
internal sealed class PageLayout(IReadOnlyList<ExplorerPage> pages)
{
    private const string Preview = "preview.png";
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string[] SharedStyles = ["css/explorer.css"];
    private static readonly string[] ThemeScripts = ["js/theme.js"];
    private static readonly string[] PlotScripts = [EmbeddedAssets.Plotly, "js/formulas.js", "js/plots.js", "js/lab.js"];
    private static readonly string[] ExportScripts = ["js/offline.js"];
    private static readonly string[] LabScripts = ["js/play.js", "js/embed.js"]; // after the page's own, whose controls they use

    /// <summary>Gets the address that exported pages will have, with which link previews find their picture; null if it is unknown.</summary>
    public Uri? Address { get; init; }

    /// <summary>Returns a page of the server.</summary>
    public string Render(ExplorerPage page) => Render(page, new PageResources(Link: slug => slug.Length == 0 ? "./" : slug, Policy: "", Scripts: []));

    /// <summary>Returns a page as a file beside its assets.</summary>
    public string RenderExported(ExplorerPage page) => Render(page, new PageResources(
        Link: FileName,
        Policy: $"<meta http-equiv=\"Content-Security-Policy\" content=\"{ContentPolicy.Exported(page.RunsModel)}\">\n",
        Scripts: ExportScripts));

    /// <summary>Returns the names of the assets of an exported page.</summary>
    public static IEnumerable<string> GetExportedAssets(ExplorerPage page) =>
        [.. Styles(page), .. ThemeScripts, .. Scripts(page), .. ExportScripts, Preview];

    /// <summary>Returns the page for an unknown URL.</summary>
    public string RenderNotFound() => Render(new ExplorerPage
    {
        Slug = "404",
        Title = "Page not found",
        Label = "",
        Summary = "This page does not exist.",
        Group = PageGroup.Start,
        HasPlots = false,
        Body = () => "<header class=\"intro\"><h1>Page not found</h1><p class=\"lead\">This page does not exist. <a href=\"/\">Go to the start page</a>.</p></header>",
    });

    /// <summary>Returns the file name of an exported page.</summary>
    public static string FileName(string slug) => slug.Length == 0 ? "index.html" : slug + ".html";

    private string Render(ExplorerPage page, PageResources form)
    {
        string template = EmbeddedAssets.Get("pages/layout.html").Text;
        return template
            .Replace("{{policy}}", form.Policy, StringComparison.Ordinal)
            .Replace("{{title}}", Encoder.Encode(page.Slug.Length == 0 ? page.Title : $"{page.Title} – FocalSharp"), StringComparison.Ordinal)
            .Replace("{{summary}}", Encoder.Encode(page.Summary), StringComparison.Ordinal)
            .Replace("{{preview}}", Encoder.Encode(Address is null ? "assets/" + Preview : new Uri(Address, "assets/" + Preview).ToString()), StringComparison.Ordinal)
            .Replace("{{styles}}", string.Join('\n', Styles(page).Select(name => $"<link rel=\"stylesheet\" href=\"assets/{name}\">")), StringComparison.Ordinal)
            .Replace("{{plotly-style}}", ContentPolicy.PlotlyStyle, StringComparison.Ordinal)
            .Replace("{{theme}}", string.Join('\n', ThemeScripts.Select(Script)), StringComparison.Ordinal)
            .Replace("{{home}}", form.Link(""), StringComparison.Ordinal)
            .Replace("{{navigation}}", Navigation(page, form), StringComparison.Ordinal)
            .Replace("{{body}}", Links(page.Body(), form), StringComparison.Ordinal)
            .Replace("{{scripts}}", string.Join('\n', Scripts(page).Concat(form.Scripts).Select(Script)), StringComparison.Ordinal);
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

    /// <summary>Replaces links of the form <c>page:slug</c>.</summary>
    private string Links(string body, PageResources form) => pages.Aggregate(
        body, (html, page) => html.Replace($"\"page:{page.Slug}\"", $"\"{form.Link(page.Slug)}\"", StringComparison.Ordinal));

    private static string Script(string name) => $"<script src=\"assets/{name}\"></script>";

    private static IEnumerable<string> Styles(ExplorerPage page) => SharedStyles.Concat(page.Styles);

    private static IEnumerable<string> Scripts(ExplorerPage page) => [.. page.HasPlots ? PlotScripts : [], .. page.Scripts, .. page.Group == PageGroup.Losses ? LabScripts : []];
}

/// <summary>How served and exported pages differ.</summary>
/// <param name="Link">Returns the URL of a page.</param>
/// <param name="Policy">The element with the Content-Security-Policy; empty if a header contains it.</param>
/// <param name="Scripts">Further scripts.</param>
internal sealed record PageResources(Func<string, string> Link, string Policy, IReadOnlyList<string> Scripts);
