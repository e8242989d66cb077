using System.Net;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Hosting;

/// <summary>Checks where a request comes from: the guards against DNS rebinding and against pages of other sites.</summary>
internal static class RequestOrigin
{
    /// <summary>Returns whether the Host header names this machine. A domain of another site may resolve to a loopback address.</summary>
    public static bool IsLoopbackHost(HttpRequest request)
    {
        string host = request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
    }

    /// <summary>Returns whether a page of another site sent the request, according to the browser's Sec-Fetch-Site and Origin headers.</summary>
    public static bool IsCrossSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
        || (request.Headers.Origin is [{ } origin] && (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) || from.Authority != request.Host.Value));
}
