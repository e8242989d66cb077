using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FocalSharp.Serving.Hosting;

/// <summary>The ports of a <see cref="WebServer"/>: the public one with a limit on connections, and an optional one for health checks and metrics.</summary>
internal static class Listeners
{
    private static readonly object AdminMark = new();

    /// <summary>Adds the listeners.</summary>
    public static void Configure(KestrelServerOptions kestrel, WebServerOptions options)
    {
        int open = 0;
        kestrel.Listen(options.Address, options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;

            // Not Kestrel's own limit, which counts the connections of all ports, so that the other port could not be reached, and which
            // logs every connection that it refuses.
            listen.Use(next => async connection =>
            {
                try
                {
                    if (Interlocked.Increment(ref open) > options.MaxConnections)
                    {
                        connection.Abort(new ConnectionAbortedException("The limit of connections is reached."));
                        return;
                    }

                    await next(connection);
                }
                finally
                {
                    Interlocked.Decrement(ref open);
                }
            });
        });
        if (options.AdminPort is { } admin)
        {
            kestrel.Listen(options.Address, admin, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection =>
                {
                    connection.Items[AdminMark] = AdminMark;
                    return next(connection);
                });
            });
        }
    }

    /// <summary>Returns whether the request came to the port for health checks and metrics.</summary>
    public static bool IsAdmin(HttpContext context) => context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(AdminMark) == true;
}
