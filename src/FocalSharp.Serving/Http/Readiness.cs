using FocalSharp.Serving.Batching;
using Microsoft.Extensions.Hosting;

namespace FocalSharp.Serving.Http;

/// <summary>Whether a load balancer should send anything.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, MicroBatcher batcher)
{
    /// <summary>Images in a row that may fail before the model is thought broken.</summary>
    public const int MaxConsecutiveFailures = 5;

    /// <summary><c>ready</c>, <c>stopping</c> or <c>failing</c>.</summary>
    public string State => lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
        : batcher.ConsecutiveFailures >= MaxConsecutiveFailures ? "failing"
        : "ready";
}
