using System.Net;

namespace FocalSharp.Explorer;

/// <summary>Where the explorer listens and how much it takes from a visitor.</summary>
public sealed record ExplorerOptions
{
    /// <summary>The port that is asked for unless another is named.</summary>
    public const int DefaultPort = 5750;

    /// <summary>Address to listen on. Loopback by default: nobody else reaches it.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Most bytes of a request's body; more is answered by 413 before it is read. 32 MiB.</summary>
    public long MaxBodyBytes { get; init; } = 32L << 20;

    /// <summary>Requests worked on at a time; as many as <see cref="MaxWaiting"/> more wait. 8.</summary>
    public int MaxConcurrency { get; init; } = 8;

    /// <summary>Requests that wait for their turn; what exceeds them is answered by 503. 64.</summary>
    public int MaxWaiting { get; init; } = 64;

    /// <summary>Open connections; Kestrel closes what exceeds them. 256.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Time that an answer may take; then the work is cancelled and answered by 503. 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True where only programs on this machine reach the explorer.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);
}
