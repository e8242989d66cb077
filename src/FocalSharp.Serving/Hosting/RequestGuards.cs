using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace FocalSharp.Serving.Hosting;

/// <summary>Rejects requests from other hosts and sites, bodies that are too large, and requests above the concurrency and time limits.</summary>
internal static class RequestGuards
{
    /// <summary>Registers the services of <see cref="UseRequestLimits"/>.</summary>
    public static void AddRequestLimits(this IServiceCollection services, WebServerOptions options)
    {
        if (options.RequestTimeout is { } timeout)
        {
            services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = timeout,
                TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                WriteTimeoutResponse = context => Problem.Create(
                    StatusCodes.Status503ServiceUnavailable, $"The request was canceled after {timeout.TotalSeconds:0.#} s.", "timeout").WriteAsync(context),
            });
        }

        if (options.MaxConcurrency is { } permits)
        {
            services.AddRateLimiter(limiter =>
            {
                limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.GetConcurrencyLimiter(
                    "all", _ => new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = options.MaxWaiting }));
                limiter.OnRejected = (rejected, _) =>
                {
                    rejected.HttpContext.Response.Headers.RetryAfter = "1";
                    return new ValueTask(Problem.Create(
                        StatusCodes.Status503ServiceUnavailable, "Too many requests; try again in a second.", "busy").WriteAsync(rejected.HttpContext));
                };
            });
        }
    }

    /// <summary>Rejects other host names (DNS rebinding) on a loopback address, and requests that pages of other sites send.</summary>
    public static void UseOriginChecks(this WebApplication app, WebServerOptions options) => app.Use((context, next) =>
    {
        HttpRequest request = context.Request;
        if (options.IsLoopback && !RequestOrigin.IsLoopbackHost(request))
        {
            throw new ApiException(
                StatusCodes.Status421MisdirectedRequest, "wrong_host", "This server accepts requests for localhost only, because it listens on a loopback address.");
        }

        bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return options.BlocksCrossSite && !isRead && RequestOrigin.IsCrossSite(request)
            ? throw new ApiException(StatusCodes.Status403Forbidden, "cross_site", "Requests from pages of other sites are not accepted.")
            : next(context);
    });

    /// <summary>Rejects a body that announces more bytes than allowed before it is read; Kestrel counts the others.</summary>
    public static void UseBodyLimit(this WebApplication app, WebServerOptions options)
    {
        if (options.MaxBodyBytes is { } max)
        {
            app.Use((context, next) =>
            {
                if (context.Request.ContentLength > max)
                {
                    context.Response.Headers.Connection = "close";
                    return ProblemMiddleware.BodyTooLarge(max).WriteAsync(context);
                }

                return next(context);
            });
        }
    }

    /// <summary>Applies the concurrency limit and the request timeout, where they are set.</summary>
    public static void UseRequestLimits(this WebApplication app, WebServerOptions options)
    {
        if (options.MaxConcurrency is not null)
        {
            app.UseRateLimiter();
        }

        if (options.RequestTimeout is not null)
        {
            app.UseRequestTimeouts();
        }
    }
}
