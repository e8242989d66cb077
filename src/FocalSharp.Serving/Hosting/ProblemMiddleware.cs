using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FocalSharp.Serving.Hosting;

/// <summary>Turns exceptions and error statuses without a body into <c>application/problem+json</c>.</summary>
internal static partial class ProblemMiddleware
{
    /// <summary>The status of a request whose client is gone, as nginx logs it.</summary>
    public const int StatusClientClosedRequest = 499;

    /// <param name="app">The application.</param>
    /// <param name="options">Maps the server's own exceptions and observes problems.</param>
    /// <param name="logger">Logs unexpected exceptions.</param>
    public static void UseProblemResponses(this WebApplication app, WebServerOptions options, ILogger logger) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null })
            {
                await Create(context, options).WriteAsync(context);
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusClientClosedRequest; // for the metrics only: the client is gone
            }
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, exception, options, logger);
        }
    });

    private static async Task WriteAsync(HttpContext context, Exception exception, WebServerOptions options, ILogger logger)
    {
        Problem problem = exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } && options.MaxBodyBytes is { } max
            ? BodyTooLarge(max)
            : options.MapException(exception) ?? Problem.Create(exception);
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailure(logger, exception, context.Request.Method, context.Request.Path);
        }

        options.OnProblem(problem);
        if (exception is ApiException { RetryAfter: { } wait })
        {
            ProblemResults.SetRetryAfter(context.Response, wait);
        }

        await problem.WriteAsync(context);
    }

    /// <summary>Creates the problem of a request body above the limit.</summary>
    public static Problem BodyTooLarge(long maxBytes) => Problem.Create(
        StatusCodes.Status413PayloadTooLarge, $"The request body is too large; the maximum is {SizeFormatter.FormatBytes(maxBytes)}.", "too_many_bytes");

    private static Problem Create(HttpContext context, WebServerOptions options) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problem.Create(StatusCodes.Status404NotFound, $"No such route.{options.RouteHint}", "no_route"),
        StatusCodes.Status405MethodNotAllowed => Problem.Create(
            StatusCodes.Status405MethodNotAllowed, $"This route accepts only {context.Response.Headers.Allow.ToString()}.", "wrong_method"),
        int status => Problem.Create(status, "The request is not valid for this route.", "bad_request"),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private static partial void LogFailure(ILogger logger, Exception exception, string method, PathString path);
}
