using System.Net;

namespace FocalSharp.Explorer;

/// <summary>Options of the explorer: address and limits.</summary>
internal sealed record ExplorerOptions
{
    /// <summary>The default port.</summary>
    public const int DefaultPort = 5750;

    /// <summary>Gets the address to listen on. Default: loopback, so that only this machine can connect.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Gets the port to listen on; 0 selects a free one. Default 5750.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Gets the maximum size of a request body in bytes; a larger one is answered with 413 before it is read. Default 32 MiB.</summary>
    public long MaxBodyBytes { get; init; } = 32L << 20;

    /// <summary>Gets the maximum number of request bodies received from one client at a time; others are answered with 429. Default 32.</summary>
    public int MaxUploadsPerClient { get; init; } = 32;

    /// <summary>Gets the maximum number of requests processed at a time, pages aside; up to <see cref="MaxWaiting"/> others wait. Default 8.</summary>
    public int MaxConcurrency { get; init; } = 8;

    /// <summary>Gets the maximum number of waiting requests; others are answered with 503. Default 64.</summary>
    public int MaxWaiting { get; init; } = 64;

    /// <summary>Gets the maximum number of open connections; Kestrel closes the others. Default 256.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Gets the time after which a request is canceled and answered with 503. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets whether only programs on this machine can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);
}
