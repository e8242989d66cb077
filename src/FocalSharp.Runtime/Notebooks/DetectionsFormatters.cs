using System.Text;
using FocalSharp.Detections;

namespace FocalSharp.Notebooks;

/// <summary>
/// Shows detections as a drawing of their boxes in the frame of the image, each edge as wide as two standard deviations, and as a table.
/// The image itself is shown by <c>DetectionRenderer.Draw</c>.
/// </summary>
internal sealed class DetectionsFormatters
{
    private const int MaxRows = 100;
    private const int MaxDrawingWidth = 480;

    private static readonly string[] Colors = ["#2457d6", "#d9480f", "#0b8473", "#9c36b5", "#a16207", "#64748b"];

    /// <summary>Creates the formatters.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [new HtmlFormatter<Runtime.Detections>(Render)];

    private static string Render(Runtime.Detections detections)
    {
        StringBuilder html = new();
        html.Append(HtmlText.Create($"<p>{detections}</p>"));
        if (detections.Count == 0)
        {
            return html.ToString();
        }

        Draw(html, detections);
        html.Append("<table><thead><tr><th>class</th><th>score</th><th>x1</th><th>y1</th><th>x2</th><th>y2</th><th>± left</th><th>± top</th><th>± right</th><th>± bottom</th></tr></thead><tbody>");
        foreach (Detection found in detections.Take(MaxRows))
        {
            html.Append(HtmlText.Create($"<tr><td>{detections.GetClassName(found)}</td><td>{found.Score:0.00}</td>"));
            html.Append(HtmlText.Create($"<td>{found.Box.X1:0.0}</td><td>{found.Box.Y1:0.0}</td><td>{found.Box.X2:0.0}</td><td>{found.Box.Y2:0.0}</td>"));
            html.Append(HtmlText.Create(
                $"<td>{found.Deviation.Left:0.0}</td><td>{found.Deviation.Top:0.0}</td><td>{found.Deviation.Right:0.0}</td><td>{found.Deviation.Bottom:0.0}</td></tr>"));
        }

        html.Append("</tbody></table>");
        if (detections.Count > MaxRows)
        {
            html.Append(HtmlText.Create($"<p>and {detections.Count - MaxRows} with lower scores</p>"));
        }

        return html.ToString();
    }

    private static void Draw(StringBuilder html, Runtime.Detections detections)
    {
        float pixel = Math.Max(1f, detections.Width / (float)MaxDrawingWidth); // of the screen, in pixels of the image
        html.Append(HtmlText.Create(
            $"<svg viewBox=\"0 0 {detections.Width} {detections.Height}\" width=\"{Math.Min(detections.Width, MaxDrawingWidth)}\" role=\"img\" aria-label=\"{detections}\" style=\"max-width:100%;height:auto;background:#8882\">"));
        foreach (Detection found in detections.Take(MaxRows).Reverse())
        {
            (float x1, float y1, float x2, float y2) = (found.Box.X1, found.Box.Y1, found.Box.X2, found.Box.Y2);
            string color = Colors[found.Label % Colors.Length];
            html.Append(HtmlText.Create($"<g stroke=\"{color}\" fill=\"none\"><title>{detections.GetClassName(found)} {found.Score:0.00}</title>"));
            html.Append(HtmlText.Create($"<rect x=\"{x1:0.0}\" y=\"{y1:0.0}\" width=\"{x2 - x1:0.0}\" height=\"{y2 - y1:0.0}\" stroke-width=\"{1.5f * pixel:0.0}\"/>"));
            html.Append("<g stroke-opacity=\".25\">");
            AddEdge(html, x1, y1, x1, y2, found.Deviation.Left);
            AddEdge(html, x1, y1, x2, y1, found.Deviation.Top);
            AddEdge(html, x2, y1, x2, y2, found.Deviation.Right);
            AddEdge(html, x1, y2, x2, y2, found.Deviation.Bottom);
            html.Append("</g>");
            html.Append(HtmlText.Create(
                $"<text x=\"{x1 + (3 * pixel):0.0}\" y=\"{y1 + (13 * pixel):0.0}\" font-size=\"{12 * pixel:0.0}\" font-family=\"sans-serif\" stroke=\"none\" fill=\"{color}\">{detections.GetClassName(found)}</text></g>"));
        }

        html.Append("</svg>");
    }

    private static void AddEdge(StringBuilder html, float x1, float y1, float x2, float y2, float deviation) =>
        html.Append(HtmlText.Create($"<line x1=\"{x1:0.0}\" y1=\"{y1:0.0}\" x2=\"{x2:0.0}\" y2=\"{y2:0.0}\" stroke-width=\"{2 * deviation:0.0}\"/>"));
}
