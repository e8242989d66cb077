using System.Reflection;
using FocalSharp.Serving.Hosting;
using FocalSharp.Serving.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Serving.Http;

/// <summary>The routes for status and metrics.</summary>
internal static class StatusEndpoints
{
    /// <summary>Gets the version of the service.</summary>
    public static string Version { get; } =
        typeof(StatusEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static void MapStatusEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => TypedResults.Json(Index, ServingJson.Default.IndexResponse))
            .WithName("index").WithTags("status").WithSummary("List the main routes")
            .Produces<IndexResponse>().WithMetadata(AllowWithoutApiKey.Instance);
        routes.MapGet("/health/live", () => TypedResults.Json(new HealthResponse("live"), ServingJson.Default.HealthResponse))
            .WithName("live").WithTags("status").WithSummary("Check whether the process responds")
            .Produces<HealthResponse>().WithMetadata(AllowWithoutApiKey.Instance, AdminRoute.Instance);
        routes.MapGet("/health/ready", Ready)
            .WithName("ready").WithTags("status").WithSummary("Check whether the service accepts requests")
            .WithDescription("503 while the service stops, or after the model failed on several consecutive images.")
            .Produces<HealthResponse>().Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.ContentType).WithMetadata(AllowWithoutApiKey.Instance, AdminRoute.Instance);
        routes.MapGet("/metrics", (MetricsCollector metrics) => TypedResults.Text(PrometheusText.Write(metrics.Read()), PrometheusText.ContentType))
            .WithName("metrics").WithTags("status").WithSummary("Get metrics in the Prometheus text format")
            .Produces<string>(StatusCodes.Status200OK, "text/plain").WithMetadata(AdminRoute.Instance);
    }

    private static IndexResponse Index => new("focalsharp", Version, "/openapi/v1.json", "/v1/model", "/health/ready", "/metrics");

    private static IResult Ready(Readiness readiness) => readiness.State switch
    {
        "ready" => TypedResults.Json(new HealthResponse("ready"), ServingJson.Default.HealthResponse),
        string state => throw new ApiException(StatusCodes.Status503ServiceUnavailable, state, $"The service is {state}.", TimeSpan.FromSeconds(5)),
    };
}
