using System.Diagnostics;
using FocalSharp.Serving.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace FocalSharp.Serving.Http;

/// <summary>What every request passes: counting, headers, the wording of errors, and who may ask.</summary>
internal static partial class MiddlewareExtensions
{
    private const int StatusClientClosedRequest = 499;

    /// <summary>Counts and times each answer, outermost.</summary>
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

    /// <summary>Headers that keep a browser from making anything of an answer but data.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        return next(context);
    });

    /// <summary>Turns exceptions and empty errors into <c>application/problem+json</c>.</summary>
    public static void UseProblemResponses(this WebApplication app, ServingMetrics metrics, ILogger logger) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null })
            {
                await CreateProblem(context).WriteAsync(context);
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusClientClosedRequest; // for the count alone: nobody reads it
            }
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await WriteProblemAsync(context, exception, metrics, logger);
        }
    });

    /// <summary>Refuses names and pages of other sites where only this machine is to be served.</summary>
    public static void UseLoopbackOnly(this WebApplication app) => app.Use((context, next) => !RequestOrigin.IsLoopbackHost(context.Request)
        ? throw new ApiException(
            StatusCodes.Status421MisdirectedRequest, "wrong_host", "The service answers to localhost alone; start it with --host to open it to others.")
        : !HttpMethods.IsGet(context.Request.Method) && RequestOrigin.IsCrossSite(context.Request)
            ? throw new ApiException(StatusCodes.Status403Forbidden, "cross_site", "Another site's page may not send anything here.")
            : next(context));

    /// <summary>Asks for a key.</summary>
    public static void UseApiKeys(this WebApplication app, ApiKeyValidator gate) => app.Use((context, next) =>
    {
        if (gate.IsAuthorized(context.Request) || context.GetEndpoint()?.Metadata.GetMetadata<AllowWithoutApiKey>() is not null)
        {
            return next(context);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"focalsharp\"";
        throw new ApiException(
            StatusCodes.Status401Unauthorized, "no_key", $"Show an API key: the header '{ApiKeyValidator.Header}: KEY' or 'Authorization: Bearer KEY'.");
    });

    private static async Task WriteProblemAsync(HttpContext context, Exception exception, ServingMetrics metrics, ILogger logger)
    {
        Problem problem = Problem.Create(exception);
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailure(logger, exception, context.Request.Method, context.Request.Path);
        }

        metrics.RecordRejection(problem.Code);
        if (exception is ApiException { RetryAfter: { } wait })
        {
            context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await problem.WriteAsync(context);
    }

    private static Problem CreateProblem(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problem.Create(StatusCodes.Status404NotFound, "There is no such route. /openapi/v1.json lists all.", "no_route"),
        StatusCodes.Status405MethodNotAllowed => Problem.Create(
            StatusCodes.Status405MethodNotAllowed, $"This route takes {context.Response.Headers.Allow.ToString()} alone.", "wrong_method"),
        int status => Problem.Create(status, "The request is not served.", "refused"),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private static partial void LogFailure(ILogger logger, Exception exception, string method, PathString path);
}
