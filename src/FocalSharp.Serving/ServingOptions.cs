using System.Net;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Uploads;

namespace FocalSharp.Serving;

/// <summary>Where the service listens and how much it takes. Every default stands here or in the records it holds.</summary>
public sealed record ServingOptions
{
    /// <summary>The port that is asked for unless another is named.</summary>
    public const int DefaultPort = 8080;

    /// <summary>Least length of an API key: 16 characters, which no one guesses.</summary>
    public const int MinKeyLength = 16;

    /// <summary>Address to listen on. Loopback by default: nobody else reaches it.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Keys of which a request must show one. Default none: all requests are served.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>Bounds on what is sent.</summary>
    public UploadOptions Uploads { get; init; } = UploadOptions.Default;

    /// <summary>How images share runs, and how many may wait.</summary>
    public BatchingOptions Batching { get; init; } = BatchingOptions.Default;

    /// <summary>Most requests with images under way; more are refused before their body is read. Default 64.</summary>
    public int MaxRequests { get; init; } = 64;

    /// <summary>Most open connections; Kestrel closes what exceeds them. Default 512.</summary>
    public int MaxConnections { get; init; } = 512;

    /// <summary>Most time for a request's body to arrive; then it is refused with 408. Default 15 s.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most time for a request as a whole; then it is refused with 503. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most time for requests under way to end once the service stops. Default 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True where only programs on this machine reach the service.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Throws where a value is out of its range or contradicts another.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    public void Validate()
    {
        Uploads.Validate();
        Batching.Validate();
        OptionException.ThrowUnless(Port is >= 0 and <= 65535, $"port {Port}: ports lie between 0 and 65535.");
        OptionException.ThrowUnless(MaxRequests >= 1, $"max requests {MaxRequests}: at least 1 must be let in.");
        OptionException.ThrowUnless(MaxConnections >= 1, $"max connections {MaxConnections}: at least 1 must be let in.");
        OptionException.ThrowUnless(ReadTimeout > TimeSpan.Zero && RequestTimeout > TimeSpan.Zero && ShutdownTimeout >= TimeSpan.Zero, "timeouts must be above 0 s.");
        OptionException.ThrowUnless(
            Batching.QueueLimit >= Uploads.MaxImages,
            $"queue limit {Batching.QueueLimit}: a request of {Uploads.MaxImages} images would never find room; raise it, or allow fewer images a request.");
        OptionException.ThrowUnless(
            ApiKeys.All(key => key.Length >= MinKeyLength),
            $"API key: shorter than {MinKeyLength} characters, which can be guessed. Make one with: openssl rand -hex 24");
    }
}
