using System.Threading.RateLimiting;
using FocalSharp.IO;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace FocalSharp.Serving.Hosting;

/// <summary>Rejects requests from other hosts and sites, bodies that are too large, and requests above the concurrency and time limits.</summary>
internal static class RequestGuards
{
    private const int BodiesInMemory = 4; // of the maximum size
    private const long DefaultBodyBytes = 32 << 20;

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

    /// <summary>Answers HEAD as GET, without the body, as RFC 9110 (section 9.3.2) asks for.</summary>
    public static void UseHeadAsGet(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get; // the server knows that the response has no body
        }

        return next(context);
    });

    /// <summary>Receives a body before the request counts for the concurrency limit, so that slow clients do not keep others waiting.</summary>
    public static void UseBufferedBodies(this WebApplication app, WebServerOptions options)
    {
        if (options.MaxConcurrency is null)
        {
            return;
        }

        ClientGate clients = new(options.MaxUploadsPerClient);
        WeightedSemaphore bytes = new(BodiesInMemory * (options.MaxBodyBytes ?? DefaultBodyBytes));
        app.Use(async (context, next) =>
        {
            if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
            {
                await next(context);
                return;
            }

            using UploadMemory memory = new(bytes);
            using MemoryStream body = new();
            using (clients.Enter(context.Connection.RemoteIpAddress))
            {
                await ReceiveAsync(context, body, memory, options);
            }

            context.Request.Body = body;
            await next(context);
        });
    }

    private static async Task ReceiveAsync(HttpContext context, MemoryStream body, UploadMemory memory, WebServerOptions options)
    {
        TimeSpan timeout = options.ReadTimeout;
        long max = options.MaxBodyBytes ?? DefaultBodyBytes;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(timeout);
        try
        {
            using BoundedStream received = new(context.Request.Body, max, () => new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge), memory.ReserveAsync);
            await received.CopyToAsync(body, patience.Token);
            body.Position = 0;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new ApiException(StatusCodes.Status408RequestTimeout, "slow_body", $"The body did not arrive within {timeout.TotalSeconds:0.##} s.");
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
