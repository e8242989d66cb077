using System.Net;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving;

/// <summary>Who speaks to a server that serves this machine alone: the guards against DNS rebinding and against pages of other sites.</summary>
public static class RequestOrigin
{
    /// <summary>Whether a request names this machine as its host; another site's name may have been made to lead here.</summary>
    public static bool IsLoopbackHost(HttpRequest request)
    {
        string host = request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
    }

    /// <summary>Whether a page of another site sent a request, by what browsers tell of it.</summary>
    public static bool IsCrossSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
        || (request.Headers.Origin is [{ } origin] && (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) || from.Authority != request.Host.Value));
}
