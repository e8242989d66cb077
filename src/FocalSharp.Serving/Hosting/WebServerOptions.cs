using System.Net;
using Microsoft.Extensions.Logging;

namespace FocalSharp.Serving.Hosting;

/// <summary>Where a <see cref="WebServer"/> listens, what it accepts, and how it answers errors.</summary>
internal sealed record WebServerOptions
{
    /// <summary>Gets the name of the application, for logs.</summary>
    public required string ApplicationName { get; init; }

    /// <summary>Gets the address to listen on.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Gets the port to listen on; 0 selects a free one.</summary>
    public required int Port { get; init; }

    /// <summary>Gets the port for health checks and metrics; null for none of its own.</summary>
    public int? AdminPort { get; init; }

    /// <summary>Gets the Content-Security-Policy of every response.</summary>
    public required string ContentSecurityPolicy { get; init; }

    /// <summary>Gets the maximum number of open connections; Kestrel closes the others.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Gets the maximum number of bytes of a request body; null if the endpoints count themselves.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>
    /// Gets the maximum number of requests processed at a time; null if the endpoints limit themselves. A request is counted once its body is received;
    /// endpoints with <c>DisableRateLimiting</c> are not counted.
    /// </summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Gets the maximum number of bodies received from one client at a time, with <see cref="MaxConcurrency"/>; 0 for no limit.</summary>
    public int MaxUploadsPerClient { get; init; }

    /// <summary>Gets the maximum time to receive a body, with <see cref="MaxConcurrency"/>; then it is answered with 408.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets the maximum number of requests that wait when <see cref="MaxConcurrency"/> is reached; others are answered with 503.</summary>
    public int MaxWaiting { get; init; }

    /// <summary>Gets the time after which a request is canceled and answered with 503; null if the endpoints limit themselves.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>Gets how long requests may take to finish when the server stops.</summary>
    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>Gets whether requests that change something are rejected when a page of another site sends them.</summary>
    public required bool BlocksCrossSite { get; init; }

    /// <summary>Gets the sentence that follows "No such route.".</summary>
    public string RouteHint { get; init; } = "";

    /// <summary>Gets the mapping of the server's own exceptions to problems; it returns null for others.</summary>
    public Func<Exception, Problem?> MapException { get; init; } = _ => null;

    /// <summary>Gets the observer of the problems that are sent.</summary>
    public Action<Problem> OnProblem { get; init; } = _ => { };

    /// <summary>Gets the configuration of logging; null for no log.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>Gets whether only programs on this machine can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);
}
