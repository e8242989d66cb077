using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using FocalSharp.Models;
using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Reports;

/// <summary>
/// The endpoint that shows a run's <c>report.html</c>, with the links of its numbers to this explorer. The file may come from another machine, so it is
/// sandboxed: it has an origin of its own, loads nothing, and cannot send requests that change something.
/// </summary>
internal sealed class ReportApi(ExplorerModelCatalog catalog)
{
    /// <summary>The route.</summary>
    public const string Route = "/report";

    private const long MaxBytes = 64 << 20;
    private const string Policy =
        "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(Route, GetReport);

    /// <summary>Returns the report of a model's run, or null if there is none.</summary>
    public static string? Find(ExplorerModelEntry entry) =>
        entry.RunFolder is { } folder && RunFolder.Open(folder).ReportPath is { } path && File.Exists(path) ? path : null;

    private IResult GetReport(string? model, HttpResponse response)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return NotFound.Model(model);
        }

        if (Find(entry) is not { } path)
        {
            return ProblemResults.Create(StatusCodes.Status404NotFound, $"{entry.Id}: has no report. {catalog.Hints.CreateReport}", "no_report");
        }

        if (new FileInfo(path).Length > MaxBytes)
        {
            return ProblemResults.Create(StatusCodes.Status400BadRequest, $"{entry.Id}: the report is larger than {MaxBytes >> 20} MiB.", "large_report");
        }

        response.Headers.ContentSecurityPolicy = Policy;
        return Results.Content(ReportLinks.ToRelative(File.ReadAllText(path)), "text/html; charset=utf-8");
    }
}
