using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Models;
using FocalSharp.Models;

namespace FocalSharp.Explorer.Losses;

/// <summary>The models on the start page.</summary>
internal static class StartModels
{
    private const int MaxModels = 6;

    /// <summary>Returns the HTML of the first models with their AP; empty without models.</summary>
    public static string Render(ExplorerModelCatalog? catalog)
    {
        IReadOnlyList<ExplorerModelEntry> entries = catalog?.GetEntries() ?? [];
        if (entries.Count == 0)
        {
            return "";
        }

        StringBuilder html = new("<section class=\"models\" aria-labelledby=\"models\"><h2 id=\"models\">Your models</h2><ul>");
        foreach (ExplorerModelEntry entry in entries.Take(MaxModels))
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"detections?model={Uri.EscapeDataString(entry.Id)}\">{HtmlEncoder.Default.Encode(entry.Id)}</a> ");
            html.Append(CultureInfo.InvariantCulture, $"<span>{HtmlEncoder.Default.Encode(Describe(entry))}</span></li>");
        }

        html.Append("</ul>");
        if (entries.Count > MaxModels)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"detections\">All {entries.Count} models</a></p>");
        }

        return html.Append("</section>").ToString();
    }

    private static string Describe(ExplorerModelEntry entry)
    {
        string? path = entry.RunFolder is { } folder && !entry.IsOnnx ? RunFolder.Open(folder).ResultPath : null;
        if (!File.Exists(path))
        {
            return entry.IsOnnx ? "ONNX file" : "weights";
        }

        try
        {
            using JsonDocument result = RunResultReader.Parse(path);
            string on = result.RootElement.TryGetProperty("dataset", out JsonElement name) && name.ValueKind == JsonValueKind.String ? $" on {name.GetString()}" : "";
            return result.RootElement.TryGetProperty("AP", out JsonElement ap) && ap.TryGetDouble(out double value)
                ? string.Create(CultureInfo.InvariantCulture, $"run, AP {value:F3}{on}")
                : $"run{on}";
        }
        catch (FocalSharpException)
        {
            return "run"; // its result is unreadable, which the other pages report
        }
    }
}
