using FocalSharp.Serving;
using FocalSharp.Serving.Http;
using FocalSharp.Serving.Integration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps detection into a web app of one's own.</summary>
public static class DetectionEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the routes of FocalSharp's service: <c>POST pattern</c> for one image, <c>POST pattern/batch</c> for several, <c>POST pattern/annotate</c> for a
    /// drawing, <c>GET pattern/model</c> for the classes and limits. Needs <c>services.AddDetection()</c> and a detector (<c>services.AddDetector</c>).
    /// </summary>
    /// <param name="routes">The app, or a group of it.</param>
    /// <param name="pattern">The route, such as <c>/v1/detect</c>.</param>
    /// <param name="key">The detector's key; null for the one without a key.</param>
    /// <returns>The routes, for conventions such as <c>RequireAuthorization()</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>services.AddDetection()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapDetection(this IEndpointRouteBuilder routes, string pattern, object? key = null)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        ServingOptions options = routes.ServiceProvider.GetService<ServingOptions>()
            ?? throw new InvalidOperationException("MapDetection needs services that are not registered. Call builder.Services.AddDetection() before Build().");
        RouteGroupBuilder group = routes.MapGroup(pattern);
        group.AddEndpointFilter(new ProblemFilter());
        group.WithMetadata(new BodyLimit(options.Uploads.MaxRequestBytes));
        group.MapDetect("", key);
        group.MapDetectMany("/batch", key);
        group.MapAnnotate("/annotate", key);
        group.MapModel("/model", key);
        return group;
    }
}
