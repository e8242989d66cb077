using System.Diagnostics;
using FocalSharp.Serving.Hosting;
using FocalSharp.Serving.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Serving.Http;

/// <summary>The middleware of the service beyond that of <see cref="WebServer"/>: metrics and API keys.</summary>
internal static class ServingMiddleware
{
    /// <summary>Counts and times every response. Must be the outermost middleware.</summary>
    public static void UseRequestMetrics(this WebApplication app, ServingMetrics metrics) => app.Use(async (context, next) =>
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            metrics.RecordRequest((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "other", context.Response.StatusCode, Stopwatch.GetElapsedTime(began));
        }
    });

    /// <summary>Rejects requests without a valid API key.</summary>
    public static void UseApiKeys(this WebApplication app, ApiKeyValidator keys) => app.Use((context, next) =>
    {
        if (keys.IsAuthorized(context.Request) || context.GetEndpoint()?.Metadata.GetMetadata<AllowWithoutApiKey>() is not null)
        {
            return next(context);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"focalsharp\"";
        throw new ApiException(
            StatusCodes.Status401Unauthorized, "no_key", $"An API key is required. Send the header '{ApiKeyValidator.Header}: KEY' or 'Authorization: Bearer KEY'.");
    });
}
