using System.Globalization;
using System.Threading.RateLimiting;
using FocalSharp.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FocalSharp.Explorer.Hosting;

/// <summary>What keeps a visitor from using up the machine or from speaking in another's name.</summary>
internal static class RequestLimitExtensions
{
    /// <summary>Limits within Kestrel, and the services that the guards of <see cref="UseRequestLimits"/> need.</summary>
    public static void AddRequestLimits(this WebApplicationBuilder builder, ExplorerOptions options)
    {
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = options.RequestTimeout,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context => context.WriteErrorAsync(
                StatusCodes.Status503ServiceUnavailable,
                $"This took longer than {options.RequestTimeout.TotalSeconds:0.#} s and was given up."),
        });
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.GetConcurrencyLimiter(
                "all", _ => new ConcurrencyLimiterOptions { PermitLimit = options.MaxConcurrency, QueueLimit = options.MaxWaiting }));
            limiter.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "1";
                return new ValueTask(rejected.HttpContext.WriteErrorAsync(
                    StatusCodes.Status503ServiceUnavailable, "Too much is asked at once; try again in a second."));
            };
        });
    }

    /// <summary>Refuses foreign hosts and sites, bodies that are too large, and what comes while too much is under way.</summary>
    public static void UseRequestLimits(this WebApplication app, ExplorerOptions options)
    {
        app.Use((context, next) =>
        {
            HttpRequest request = context.Request;
            if (options.IsLoopback && !RequestOrigin.IsLoopbackHost(request))
            {
                // Another site's name that was made to lead here (DNS rebinding).
                return context.WriteErrorAsync(
                    StatusCodes.Status421MisdirectedRequest, "The explorer answers to localhost alone; start it with --host to open it to others.");
            }

            if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && RequestOrigin.IsCrossSite(request))
            {
                return context.WriteErrorAsync(StatusCodes.Status403Forbidden, "Another site's page may not send anything here.");
            }

            if (request.ContentLength > options.MaxBodyBytes)
            {
                context.Response.Headers.Connection = "close";
                return context.WriteErrorAsync(StatusCodes.Status413PayloadTooLarge, TooLarge(options));
            }

            return next(context);
        });
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Microsoft.AspNetCore.Http.BadHttpRequestException exception) when (!context.Response.HasStarted)
            {
                await context.WriteErrorAsync(
                    exception.StatusCode,
                    exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge(options) : exception.Message);
            }
            catch (FocalSharpException exception) when (!context.Response.HasStarted)
            {
                await context.WriteErrorAsync(StatusCodes.Status400BadRequest, exception.Message);
            }
        });
        app.UseRouting();
        app.UseRateLimiter();
        app.UseRequestTimeouts();
    }

    private static string TooLarge(ExplorerOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"That is too large: at most {options.MaxBodyBytes / (1024.0 * 1024):0.#} MB are taken.");
}
