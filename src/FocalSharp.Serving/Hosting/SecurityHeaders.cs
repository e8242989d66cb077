using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FocalSharp.Serving.Hosting;

/// <summary>Adds security headers to every response, as it starts: error handling clears headers that were set earlier.</summary>
internal static class SecurityHeaders
{
    /// <param name="app">The application.</param>
    /// <param name="contentSecurityPolicy">The Content-Security-Policy of responses whose endpoint sets none.</param>
    public static void UseSecurityHeaders(this WebApplication app, string contentSecurityPolicy) => app.Use((context, next) =>
    {
        context.Response.OnStarting(
            state =>
            {
                IHeaderDictionary headers = (IHeaderDictionary)state;
                if (headers.ContentSecurityPolicy.Count == 0)
                {
                    headers.ContentSecurityPolicy = contentSecurityPolicy;
                    headers["Cross-Origin-Opener-Policy"] = "same-origin"; // browsers refuse it for a page of an endpoint's own policy, which may be a sandbox
                }

                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "no-referrer";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
                headers.TryAdd(HeaderNames.CacheControl, "no-store");
                return Task.CompletedTask;
            },
            context.Response.Headers);
        return next(context);
    });
}
