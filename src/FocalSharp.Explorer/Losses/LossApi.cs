using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Losses;

/// <summary>
/// The endpoints for loss values, computed by <c>FocalSharp.Core</c>: for example <c>GET /api/losses/fl?p=0.9&amp;gamma=2</c>. The names of
/// arguments and results are those of <c>focalsharp.evaluate</c> in the pages.
/// </summary>
internal static class LossApi
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder losses = endpoints.MapGroup("/api/losses");
        losses.MapGet("/", () => Results.Json(LossEvaluator.Names));
        losses.MapGet("/{name}", (string name, HttpRequest request) =>
        {
            LossArguments arguments = new(request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal));
            return Results.Json(LossEvaluator.Evaluate(name, arguments));
        });
    }
}
