using FocalSharp.Explorer.Pages;
using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Hosting;

/// <summary>The routes of pages and assets.</summary>
internal static class Endpoints
{
    /// <summary>Maps each page to its slug.</summary>
    public static void MapPages(this IEndpointRouteBuilder endpoints, IReadOnlyList<ExplorerPage> pages)
    {
        PageLayout layout = new(pages);
        foreach (ExplorerPage page in pages)
        {
            endpoints.MapGet("/" + page.Slug, () => Results.Content(layout.Render(page), "text/html; charset=utf-8")).DisableRateLimiting();
        }

        endpoints.MapFallback("{**path}", (HttpContext context) =>
            context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
                ? ProblemResults.Create(StatusCodes.Status404NotFound, $"No such route: {context.Request.Path}.", "no_route")
                : Results.Content(layout.RenderNotFound(), "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound)).DisableRateLimiting();
    }

    /// <summary>Maps the assets to <c>/assets</c>; browsers revalidate them.</summary>
    public static void MapAssets(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/assets/{**name}", IResult (string name) =>
            EmbeddedAssets.Find(name) is { } asset && !asset.ContentType.StartsWith("text/html", StringComparison.Ordinal)
                ? new AssetResult(asset)
                : ProblemResults.Create(StatusCodes.Status404NotFound, "No such file.", "no_file")).DisableRateLimiting();
}
