using FocalSharp.Serving.Batching;
using Microsoft.Extensions.Hosting;

namespace FocalSharp.Serving.Http;

/// <summary>Determines whether a load balancer should send requests.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, MicroBatcher batcher)
{
    /// <summary>The number of consecutive failures from which the service is not ready.</summary>
    public const int MaxConsecutiveFailures = 5;

    /// <summary>Gets <c>ready</c>, <c>stopping</c> or <c>failing</c>.</summary>
    public string State => lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
        : batcher.ConsecutiveFailures >= MaxConsecutiveFailures ? "failing"
        : "ready";
}
