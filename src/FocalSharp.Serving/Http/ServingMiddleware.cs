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

    /// <summary>Answers health checks and metrics on their own port only, if there is one, and nothing else there.</summary>
    public static void UseAdminPort(this WebApplication app, ServingOptions options)
    {
        if (options.AdminPort is null)
        {
            return;
        }

        app.Use((context, next) =>
        {
            bool isAdmin = Listeners.IsAdmin(context);
            bool isStatus = context.GetEndpoint()?.Metadata.GetMetadata<AdminRoute>() is not null;
            if (context.GetEndpoint() is not null && isAdmin != isStatus)
            {
                throw new ApiException(
                    StatusCodes.Status404NotFound, "no_route", isAdmin ? "This port answers health checks and metrics only." : "Health checks and metrics are on another port of this service.");
            }

            return next(context);
        });
    }

    /// <summary>Rejects requests without a valid API key.</summary>
    public static void UseApiKeys(this WebApplication app, ApiKeyValidator keys) => app.Use((context, next) =>
    {
        if (keys.IsAuthorized(context.Request) || Listeners.IsAdmin(context) || context.GetEndpoint()?.Metadata.GetMetadata<AllowWithoutApiKey>() is not null)
        {
            return next(context);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"focalsharp\"";
        throw new ApiException(
            StatusCodes.Status401Unauthorized, "no_key", $"An API key is required. Send the header '{ApiKeyValidator.Header}: KEY' or 'Authorization: Bearer KEY'.");
    });
}
