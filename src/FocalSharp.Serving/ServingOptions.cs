using System.Net;
using FocalSharp.Runtime;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Uploads;

namespace FocalSharp.Serving;

/// <summary>Options of the detection service: address, authentication and limits.</summary>
public sealed record ServingOptions
{
    /// <summary>The default port.</summary>
    public const int DefaultPort = 8080;

    /// <summary>The minimum length of an API key: 16 characters.</summary>
    public const int MinKeyLength = 16;

    /// <summary>Gets the address to listen on. Default: loopback, so that only this machine can connect.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Gets the port to listen on; 0 selects a free one. Default 8080.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Gets the accepted API keys. Default: none, all requests are served.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>Gets the limits on uploads.</summary>
    public UploadOptions Uploads { get; init; } = UploadOptions.Default;

    /// <summary>Gets the thresholds and limits of requests that pass none. Default: those of <see cref="DetectOptions"/>. Tiles do not apply.</summary>
    public DetectOptions Detect { get; init; } = new();

    /// <summary>Gets the options for batching and queueing.</summary>
    public BatchingOptions Batching { get; init; } = BatchingOptions.Default;

    /// <summary>Gets the maximum number of requests whose images are processed at a time; others are answered with 503. Default 64.</summary>
    public int MaxRequests { get; init; } = 64;

    /// <summary>
    /// Gets the maximum number of request bodies that are received from one client at a time; others are answered with 429. Default 32; 0 for no
    /// limit, for example behind a proxy, which is one client for all. An IPv6 network of 64 bits is one client.
    /// </summary>
    public int MaxUploadsPerClient { get; init; } = 32;

    /// <summary>
    /// Gets the port for health checks and metrics, which then are not on <see cref="Port"/>; null (default) for one port for all. It has no limit on
    /// connections and needs no API key, so open it only to probes.
    /// </summary>
    public int? AdminPort { get; init; }

    /// <summary>Gets the maximum number of open connections; Kestrel closes the others. Default 512.</summary>
    public int MaxConnections { get; init; } = 512;

    /// <summary>Gets the maximum time to receive a request body; then it is answered with 408. Default 15 s.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets the maximum time of a whole request; then it is answered with 503. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the maximum time for requests in progress when the service stops. Default 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets whether only programs on this machine can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Throws if a value is out of its range or conflicts with another.</summary>
    /// <exception cref="OptionException">A value is out of its range or conflicts with another.</exception>
    public void Validate()
    {
        Uploads.Validate();
        Batching.Validate();
        Detect.Validate();
        OptionException.ThrowUnless(Port is >= 0 and <= 65535, $"Port {Port}: must be between 0 and 65535.");
        OptionException.ThrowUnless(MaxRequests >= 1, $"MaxRequests {MaxRequests}: must be at least 1.");
        OptionException.ThrowUnless(MaxUploadsPerClient >= 0, $"MaxUploadsPerClient {MaxUploadsPerClient}: must be at least 1, or 0 for no limit.");
        OptionException.ThrowUnless(AdminPort is null or (>= 0 and <= 65535), $"AdminPort {AdminPort}: must be between 0 and 65535.");
        OptionException.ThrowUnless(AdminPort is null or 0 || AdminPort != Port, $"AdminPort {AdminPort}: must differ from Port.");
        OptionException.ThrowUnless(MaxConnections >= 1, $"MaxConnections {MaxConnections}: must be at least 1.");
        OptionException.ThrowUnless(ReadTimeout > TimeSpan.Zero && RequestTimeout > TimeSpan.Zero && ShutdownTimeout >= TimeSpan.Zero, "Timeouts must be greater than 0 s.");
        OptionException.ThrowUnless(
            Batching.QueueLimit >= Uploads.MaxImages,
            $"QueueLimit {Batching.QueueLimit}: must be at least MaxImages ({Uploads.MaxImages}), because a request reserves places for all its images.");
        OptionException.ThrowUnless(
            ApiKeys.All(key => key.Length >= MinKeyLength),
            $"API key: shorter than the minimum of {MinKeyLength} characters. Generate one with: openssl rand -hex 24");
    }
}
